"""Builds every lesson: solutions/ -> build/source/ -> course/, and skips what is up to date."""

import json
import shutil
import sqlite3
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from autograder.notebooks.gradebook import gradebook_path, recorded
from autograder.notebooks.index import Entry, write_index
from autograder.notebooks.keep import keep_answers
from autograder.notebooks.points import Points, bank_points
from autograder.notebooks.release import generate
from autograder.notebooks.source import LessonError, authored, read

# Besides a lesson's own file, all of these can change its notebooks.
PACKAGES = ("gradus", "autograder")
TOOLS = ("jupytext", "nbconvert", "nbformat", "nbgrader")


@dataclass(frozen=True)
class Built:
    """What the build did with one lesson; `kept` is a copy of a notebook that held answers."""

    lesson: str
    changed: bool
    kept: Path | None = None


def build_all(root: Path, points: Points = bank_points) -> list[Built]:
    """Build every lesson of the course in `root` and the index in course/README.md.

    A lesson is skipped when nothing that it is made of has changed, and neither have its notebooks
    nor its cells in the gradebook. With `points` from elsewhere than the bank nothing is skipped.
    """
    shared = shared_digest()
    built, entries = [], []
    for path in authored(root):
        inputs = _digest(shared, path.read_text(encoding="utf-8"))
        stamp = root / "build" / "stamps" / f"{path.stem}.json"
        entry = _still_good(root, path.stem, stamp, inputs) if points is bank_points else None
        if entry is None:
            entry, result = build_lesson(root, path, points)
            stamp.parent.mkdir(parents=True, exist_ok=True)
            made = {"made": [inputs, _outputs(root, path.stem)], "entry": asdict(entry)}
            stamp.write_text(json.dumps(made, indent=1), encoding="utf-8")
        else:
            result = Built(path.stem, changed=False)
        built.append(result)
        entries.append(entry)
    built += _remove_others(root, {path.stem for path in authored(root)})
    write_index(root, entries)
    return built


def build_lesson(root: Path, path: Path, points: Points = bank_points) -> tuple[Entry, Built]:
    """Build one lesson, whether or not it is up to date."""
    import nbformat  # these take seconds to import

    from autograder.notebooks.notebook import assemble

    lesson = read(path)
    notebook = assemble(lesson, points)
    source = notebook_path(root, "build/source", lesson.name)
    # nbgrader hands every other file in this folder to learners: start from an empty one.
    shutil.rmtree(source.parent, ignore_errors=True)
    source.parent.mkdir(parents=True)
    source.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    release = generate(root, lesson.name)
    course = notebook_path(root, "course", lesson.name)
    kept, changed = None, not course.exists() or course.read_bytes() != release.encode()
    if changed:
        kept = keep_answers(course, root / "build" / "kept")
        course.parent.mkdir(parents=True, exist_ok=True)
        course.write_text(release, encoding="utf-8", newline="\n")
    graded = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    entry = Entry(
        lesson.name,
        lesson.title,
        lesson.minutes,
        exercises=sum(words.solution for words in graded),
        points=sum(words.points for words in graded if words.grade),
    )
    return entry, Built(lesson.name, changed, kept)


def notebook_path(root: Path, folder: str, lesson: str) -> Path:
    """Return where nbgrader keeps a lesson's notebook in one of its folders."""
    return root / folder / lesson / f"{lesson}.ipynb"


def _still_good(root: Path, lesson: str, stamp: Path, inputs: str) -> Entry | None:
    """Return the lesson's entry in the index if what the last build made still stands."""
    if not stamp.exists():
        return None
    last = json.loads(stamp.read_text(encoding="utf-8"))
    return Entry(**last["entry"]) if last["made"] == [inputs, _outputs(root, lesson)] else None


def _outputs(root: Path, lesson: str) -> str:
    paths = [notebook_path(root, folder, lesson) for folder in ("build/source", "course")]
    texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in paths]
    try:
        return _digest(recorded(root, lesson), *texts)
    except sqlite3.OperationalError as error:
        raise LessonError(
            f"the gradebook {gradebook_path(root)} cannot be read: {error}. If another program "
            "holds it, let that finish or end it, then build again."
        ) from error


def shared_digest() -> str:
    """Digest layers, bank, this code and the tools: too much rather than too little."""
    texts = [version(tool) for tool in TOOLS]
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for path in sorted(Path(folder).rglob("*.py")):
                texts += [path.as_posix(), path.read_text(encoding="utf-8")]
    return _digest(*texts)


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()


def _remove_others(root: Path, lessons: set[str]) -> list[Built]:
    """Remove the notebooks of lessons that are no longer in solutions/."""
    removed = []
    for course in sorted((root / "course").glob("[0-9][0-9]_*/*.ipynb")):
        if course.parent.name not in lessons and course.stem == course.parent.name:
            kept = keep_answers(course, root / "build" / "kept")
            course.unlink()
            if not any(course.parent.iterdir()):
                course.parent.rmdir()
            shutil.rmtree(root / "build" / "source" / course.stem, ignore_errors=True)
            removed.append(Built(course.stem, changed=True, kept=kept))
    return removed
