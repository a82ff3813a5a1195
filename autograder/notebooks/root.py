"""Finds the course: the folder that holds solutions/ and course/, and the lessons in it."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from autograder.notebooks.source import LessonError, authored


def find_root(given: Path | None = None, start: Path | None = None) -> Path:
    """Return the course's folder: the one given, else one around `start` (here), else our own."""
    if given is not None:
        if not (given / "solutions").is_dir():
            raise LessonError(f"{given} is not a course: it has no folder solutions/.")
        return given.resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if any((folder / "solutions").glob("[0-9][0-9]_*.py")):
            return folder
    raise LessonError(
        f"there is no course around {here}: no folder solutions/ with lessons such as "
        "04_attention.py. Go to your copy of the course, or say where it is: --root FOLDER."
    )


def lessons(root: Path) -> list[str]:
    """Return the names of all lessons, in order."""
    return [path.stem for path in authored(root)]


def existing(root: Path, wanted: Sequence[str]) -> list[str]:
    """Return the wanted lessons, all if none are named; a name that does not exist is an error."""
    names = lessons(root)
    for name in wanted:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
            near = near or [other for other in names if name.lower() in other]
            hint = (
                f"Did you mean {' or '.join(near)}?" if near else f"There is: {', '.join(names)}."
            )
            raise LessonError(f"there is no lesson {name}. {hint}")
    return list(wanted) or names
