"""Puts a lesson together as nbgrader's source notebook, answers and hidden tests included."""

from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.notebooks.ids import give_ids
from autograder.notebooks.names import defined
from autograder.notebooks.points import Points
from autograder.notebooks.rules import grade_id, obey
from autograder.notebooks.source import DEMO, Cell, Lesson, LessonError
from autograder.notebooks.transclude import transclude

MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}

# The same for every reader: no version of Python, no name of somebody's environment.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def assemble(lesson: Lesson, points: Points) -> NotebookNode:
    """Return the lesson as a notebook with nbgrader's metadata, cleared of nothing yet."""
    obey(lesson)
    known: set[str] = set()
    cells = []
    for cell in lesson.cells:
        source = transclude(cell, known) if cell.role == "exercise" else cell.source
        if cell.kind == "code" and not cell.demo:
            known |= _defined(cell)
        cells.append(MAKE[cell.kind](source, metadata=metadata(cell, points)))
    give_ids(cells)
    return new_notebook(cells=cells, metadata=from_dict(METADATA))


def metadata(cell: Cell, points: Points) -> dict[str, Any]:
    """Return what nbgrader needs to know of a cell (its metadata schema, version 3)."""
    if not cell.role:
        return {"tags": [DEMO]} if cell.demo else {}
    graded = cell.role in ("check", "tests")
    words: dict[str, Any] = {
        "schema_version": 3,
        "grade": graded,
        "grade_id": grade_id(cell),
        "locked": graded,
        "solution": not graded,
        "task": False,
    }
    if cell.role == "tests":
        words["points"] = cell.points
    elif cell.role == "check":
        try:
            words["points"] = points(cell.name)
        except LookupError as error:
            raise LessonError(
                f"{cell.place}: autograder/exercises/ has no exercise {cell.name}. Write it there, "
                "or test the answer with a `tests` cell."
            ) from error
    return {"nbgrader": words}


def _defined(cell: Cell) -> set[str]:
    try:
        return defined(TransformerManager().transform_cell(cell.source))
    except SyntaxError as error:
        raise LessonError(f"{cell.place}: this is not Python: {error}. Correct it.") from error
