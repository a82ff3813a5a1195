"""Reads an authored lesson: a percent-format file, with words on its `# %%` lines."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROLES = ("exercise", "check", "answer", "tests")
WORDS = (*ROLES, "holes", "points", "tags")
CHECK = "check-"  # begins the names of cells that hold a check
DEMO = "demo"  # the one tag: shown to learners, not run when a class is graded
# jupytext's notes to itself about the layout of the file.
LAYOUT = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "cell_depth")


class LessonError(Exception):
    """A lesson breaks a rule; the message names the place, the rule and the way out."""


@dataclass(frozen=True)
class Cell:
    """One cell as its author wrote it; `role` is empty for prose and plain code."""

    place: str
    kind: str
    source: str
    role: str = ""
    name: str = ""
    holes: tuple[str, ...] | None = None
    points: float | None = None
    demo: bool = False


@dataclass(frozen=True)
class Lesson:
    """One authored file."""

    name: str
    title: str
    minutes: int
    cells: tuple[Cell, ...]


def authored(root: Path) -> list[Path]:
    """Return the lessons' files in order; any other Python file in `solutions/` is an error."""
    paths = sorted((root / "solutions").glob("*.py"))
    for path in paths:
        if not re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem):
            raise LessonError(
                f"solutions/{path.name}: a lesson is named after its number and topic, in lower "
                "case, such as 04_attention.py. Rename the file, or keep it elsewhere."
            )
    return paths


def read(path: Path) -> Lesson:
    """Read the lesson in the file `path`."""
    import jupytext  # takes seconds to import, which a build that changes nothing need not wait for

    text = path.read_text(encoding="utf-8")
    cells = jupytext.reads(text, fmt="py:percent").cells
    file = f"solutions/{path.name}"
    marks = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# %%+( |$)", line)]
    if len(cells) > len(marks):
        raise LessonError(
            f"{file}: there is text before the first `# %%` line. Put it in a cell of its own: "
            "`# %% [markdown]` for prose, `# %%` for code."
        )
    places = [f"{file}, line {line}" for line in marks]
    if len(cells) < len(
        marks
    ):  # a string in the lesson looks like a marker, so count cells instead
        places = [f"{file}, cell {number}" for number in range(1, len(cells) + 1)]
    title, minutes = heading(cells[0].source if cells else "", file)
    return Lesson(path.stem, title, minutes, tuple(map(parse, cells, places)))


def heading(source: str, file: str) -> tuple[str, int]:
    """Return the title and the minutes that a lesson's first cell gives."""
    title = re.match(r"# (.+)", source)
    minutes = re.search(r"\b(\d+) minutes\b", source)
    if not title or not minutes:
        raise LessonError(
            f"{file}: the first cell must be prose that starts with the title (`# Attention`) and "
            "says how long the lesson takes in minutes (`About 90 minutes.`)."
        )
    return title[1].strip(), int(minutes[1])


def parse(cell: Any, place: str) -> Cell:
    """Turn the words on a cell's `# %%` line into a role, and refuse those that mean nothing."""
    words = {word: value for word, value in cell.metadata.items() if word not in LAYOUT}
    unknown = [f'{word}="{words[word]}"' for word in words if word not in WORDS]
    if unknown:
        raise LessonError(
            f"{place}: the header says {', '.join(unknown)}, which is not understood. "
            f'A header holds {", ".join(WORDS)}, each as word="value" (points=2 without quotes).'
        )
    roles = [word for word in ROLES if word in words]
    if len(roles) > 1:
        raise LessonError(
            f"{place}: a cell is one thing, not {' and '.join(roles)}. Keep one word."
        )
    role = roles[0] if roles else ""
    if roles and cell.cell_type != "code":
        raise LessonError(f"{place}: only code can be graded. Drop [{cell.cell_type}], or {role}.")
    if "holes" in words and role != "exercise":
        raise LessonError(
            f'{place}: holes belongs to a class exercise: exercise="Name" holes="..."'
        )
    demo = "tags" in words
    if demo and (list(words["tags"]) != [DEMO] or role or cell.cell_type != "code"):
        raise LessonError(
            f'{place}: tags=["{DEMO}"] is the only tag, and stands alone on a code cell that '
            "nothing graded depends on. Drop the tag, or the other words."
        )
    return Cell(
        place,
        cell.cell_type,
        cell.source,
        role,
        str(words.get(role, "")),
        tuple(str(words["holes"]).split()) if "holes" in words else None,
        parse_points(words.get("points"), role, place),
        demo,
    )


def parse_points(value: object, role: str, place: str) -> float | None:
    """Return what a `tests` cell is worth; no other cell says so itself."""
    if role != "tests":
        if value is not None:
            raise LessonError(
                f"{place}: points belongs to a tests cell. The points of a check are those of its "
                "exercise: see autograder/exercises/."
            )
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise LessonError(f"{place}: a tests cell needs a number of points, such as points=2.")
    return float(value)
