"""nbgrader's gradebook: made without a detour, and looked into without importing nbgrader."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

# What nbgrader keeps of a lesson: its cells with their points; their source and checksums.
CELLS = (
    """
    SELECT cell.name, cell.type, grade.max_score FROM base_cell AS cell
    JOIN notebook ON notebook.id = cell.notebook_id
    JOIN assignment ON assignment.id = notebook.assignment_id
    LEFT JOIN grade_cells AS grade ON grade.id = cell.id
    WHERE assignment.name = ? ORDER BY cell.name, cell.type
    """,
    """
    SELECT cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum
    FROM source_cell AS cell
    JOIN notebook ON notebook.id = cell.notebook_id
    JOIN assignment ON assignment.id = notebook.assignment_id
    WHERE assignment.name = ? ORDER BY cell.name
    """,
)


def gradebook_path(root: Path) -> Path:
    """Return where the gradebook of the course in `root` lies."""
    return root.resolve() / "build" / "gradebook.db"


def prepare_gradebook(root: Path) -> None:
    """Make an empty gradebook where there is none.

    nbgrader makes one by itself, but only if it finds a program called `alembic` on PATH, and that
    takes it seconds. In a database that knows its version already it just makes its tables.
    """
    path = gradebook_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            return
        from alembic.script import ScriptDirectory  # these take seconds to import
        from nbgrader.dbutil import ALEMBIC_DIR

        with database:
            database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            newest = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            database.execute("INSERT INTO alembic_version VALUES (?)", (newest,))


def recorded(root: Path, lesson: str) -> str:
    """Return a digest of what the gradebook holds of a lesson's cells; empty without one.

    Raises sqlite3.OperationalError while another process holds the gradebook.
    """
    path = gradebook_path(root)
    if not path.exists():
        return ""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        try:
            rows = [database.execute(query, (lesson,)).fetchall() for query in CELLS]
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return ""
    return sha256(repr(rows).encode()).hexdigest()
