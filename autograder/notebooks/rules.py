"""The rules that hold between the cells of a lesson."""

import ast
import re

from autograder.notebooks.source import CHECK, Cell, Lesson, LessonError

# nbgrader's markers, and the role of the cells that may hold them.
MARKERS = {"SOLUTION": "answer", "HIDDEN TESTS": "tests"}


def obey(lesson: Lesson) -> None:
    """Raise LessonError for the first rule that the lesson breaks."""
    seen: dict[str, Cell] = {}  # cells by grade id
    for cell in lesson.cells:
        markers(cell)
        if not cell.role:
            continue
        named(cell)
        if grade_id(cell) in seen:
            raise LessonError(
                f'{cell.place}: the name in {cell.role}="{cell.name}" is taken by '
                f"{seen[grade_id(cell)].place}. Give one of them another name."
            )
        if cell.role in ("check", "tests"):
            owned(cell, seen)
        if cell.role == "check":
            check_body(cell)
        if cell.role == "tests":
            tests_body(cell)
        seen[grade_id(cell)] = cell
    for cell in lesson.cells:
        if cell.role in ("exercise", "answer"):
            examined(cell, seen)


def grade_id(cell: Cell) -> str:
    """Return nbgrader's name for a graded cell: `attend`, `check-attend`, `tests-attend`."""
    return f"{cell.role}-{cell.name}" if cell.role in ("check", "tests") else cell.name


def named(cell: Cell) -> None:
    """Names must do as Python names and as nbgrader's ids; tests may add a suffix to theirs."""
    suffix = r"(-[a-z0-9-]+)?" if cell.role == "tests" else ""
    if not re.fullmatch(rf"[A-Za-z_][A-Za-z0-9_]*{suffix}", cell.name) or len(cell.name) > 56:
        raise LessonError(
            f'{cell.place}: {cell.role}="{cell.name}" is no name. Use letters, digits and '
            "underscores (tests may add a suffix: rms-edges), 56 characters at most."
        )


def owned(cell: Cell, seen: dict[str, Cell]) -> None:
    """A check or a tests cell needs the exercise or answer that it is about, above it."""
    owner = cell.name.partition("-")[0]
    if owner not in seen:
        raise LessonError(
            f'{cell.place}: {cell.role}="{cell.name}" has nothing to look at. Put a cell with '
            f'exercise="{owner}" or answer="{owner}" above it, or correct the name.'
        )


def examined(cell: Cell, seen: dict[str, Cell]) -> None:
    """An exercise needs a check; an answer needs a check or tests."""
    tested = any(
        other.role == "tests" and other.name.partition("-")[0] == cell.name
        for other in seen.values()
    )
    if f"{CHECK}{cell.name}" in seen or (cell.role == "answer" and tested):
        return
    ways = f'`# %% check="{cell.name}"`'
    if cell.role == "answer":
        ways += f' or `# %% tests="{cell.name}" points=1`'
    raise LessonError(
        f'{cell.place}: nothing checks {cell.role}="{cell.name}". Add {ways} below it.'
    )


def check_body(cell: Cell) -> None:
    """Nothing but the call: its value is the score, and even a semicolon would hide it."""
    bodies = (f"check({cell.name})", f"check({cell.name}={cell.name})")
    if cell.source.strip() not in bodies:
        raise LessonError(
            f"{cell.place}: the body of this check must be `{bodies[0]}` (a function or class) or "
            f"`{bodies[1]}` (a value) and nothing else, not `{cell.source.strip()}`."
        )


def tests_body(cell: Cell) -> None:
    """nbgrader reads a last line that shows a value as the score."""
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as error:
        raise LessonError(f"{cell.place}: this is not Python: {error}. Correct it.") from error
    if not statements or isinstance(statements[-1], ast.Expr):
        raise LessonError(
            f"{cell.place}: a tests cell must end on an assert, because nbgrader takes the value "
            "of a bare last line for the score. Add an assert, or move that line up."
        )


def markers(cell: Cell) -> None:
    """Solutions stand in answer cells, hidden tests in tests cells, each region closed."""
    for marker, role in MARKERS.items():
        found = re.findall(rf"(BEGIN|END) {marker}", cell.source)
        if found and cell.role != role:
            raise LessonError(
                f"{cell.place}: BEGIN {marker} can only stand in a cell with "
                f'`# %% {role}="name"`. Mark the cell so, or remove the marker.'
            )
        if found != ["BEGIN", "END"] * (len(found) // 2):
            raise LessonError(
                f"{cell.place}: every BEGIN {marker} needs an END {marker} after it, and the other "
                f"way round; found {', '.join(found)}."
            )
