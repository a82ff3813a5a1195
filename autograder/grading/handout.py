"""What learners were given, and what the gradebook knows of it: read once for a class."""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading import gradebook
from autograder.grading.cohort import Submission, grade_id
from autograder.grading.engine.transplant import transplant
from autograder.notebooks.build import notebook_path
from autograder.notebooks.config import PREPARE


@dataclass(frozen=True)
class Handout:
    """A lesson as it was handed out; the names of its cells; its tests, hidden ones included."""

    notebook: NotebookNode
    names: set[str]
    tests: dict[str, NotebookNode]

    def fill(self, submitted: NotebookNode) -> tuple[NotebookNode, list[str]]:
        """Return the handout with a learner's answers and with all tests, and flags in words."""
        notebook, flags = transplant(self.notebook, submitted)
        notebook.cells = [
            deepcopy(self.tests[name]) if (name := grade_id(cell)) in self.tests else cell
            for cell in notebook.cells
        ]
        return notebook, flags


def handout(root: Path, lesson: str) -> Handout:
    """Read the handout, and have nbgrader put back what the release does not show of its tests."""
    notebook = released(root, lesson)
    whole = gradebook.put_through(root, Submission("", lesson, root), deepcopy(notebook), PREPARE)
    tests = {
        grade_id(cell): cell
        for cell in whole.cells
        if cell.metadata.get("nbgrader") and not cell.metadata.nbgrader.get("solution")
    }
    return Handout(notebook, gradebook.cell_names(root, lesson), tests)


def released(root: Path, lesson: str) -> NotebookNode:
    """Return the notebook that learners were given."""
    return nbformat.read(notebook_path(root, "course", lesson), as_version=4)
