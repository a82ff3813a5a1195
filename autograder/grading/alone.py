"""Grades one notebook by itself, without a gradebook: what learners do before handing in."""

import difflib
from pathlib import Path

from nbformat import NotebookNode

from autograder.grading.engine.reading import UnreadableSubmission, read_submission
from autograder.grading.gradebook import quiet
from autograder.grading.kernel import in_a_kernel
from autograder.grading.marks import Mark, marks_of
from autograder.notebooks.config import nbgrader_config


def check_notebook(path: Path) -> tuple[list[Mark], str]:
    """Run a copy of the notebook and return its marks and a note, as `gradus grade` would."""
    if not path.is_file():
        raise UnreadableSubmission(f"There is no notebook {path}.{_near(path)}")
    notebook = read_submission(path)
    if not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in notebook.cells):
        raise UnreadableSubmission(
            f"{path.name} has no graded cells: it is not a lesson's notebook."
        )
    return run_and_mark(notebook, path.resolve().parent)


def run_and_mark(
    notebook: NotebookNode, folder: Path, demonstrations: bool = False
) -> tuple[list[Mark], str]:
    """Run a notebook in a cold kernel and return its marks and a note on what went wrong.

    Demonstrations are left out, as when a class is graded, unless they are asked for.
    """
    config = nbgrader_config(folder)
    if demonstrations:
        config.Execute.skip_cells_with_tag = ""
    with quiet():
        note = in_a_kernel(notebook, folder, config)
    return marks_of(notebook), note


def _near(path: Path) -> str:
    there = [other.name for other in path.parent.glob("*.ipynb")] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, n=1, cutoff=0.4)
    return f" Did you mean {path.parent / near[0]}?" if near else ""
