"""The engine as nbgrader's preprocessors: what `nbgrader autograde` and formgrader's button run.

They stand in the places of nothing (Transplant, before nbgrader sanitises a submission) and of
nbgrader's Execute (WarmExecute).
"""

from pathlib import Path
from typing import Any, cast

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Enum

from autograder.grading.beside import beside, copy_beside
from autograder.grading.cohort import Submission
from autograder.grading.engine.bubblewrap import NoIsolation
from autograder.grading.engine.client import Isolation
from autograder.grading.engine.transplant import transplant
from autograder.grading.handout import released
from autograder.grading.job import run_warm
from autograder.grading.kernel import NOT_ISOLATED, in_a_kernel
from autograder.grading.records import (
    autograded_path,
    read_record,
    record_path,
    write_record,
)
from autograder.grading.seed import class_seed

HOW_TO_GO_ON = (
    "In nbgrader's own commands, --no-isolation is called --WarmExecute.isolation=none, and plain "
    "kernels are --WarmExecute.cold=True; for formgrader, set the same in nbgrader_config.py."
)


class Transplant(NbGraderPreprocessor):  # type: ignore[misc]
    """Starts from the released notebook, and takes over the learner's answers."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put the answers in; what else had been changed becomes a note for the report."""
        root, submission = _whose(resources)
        notebook, flags = transplant(released(root, submission.lesson), nb)
        _note(root, submission, flags)
        return notebook, resources


class WarmExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs a submission in the warm, sandboxed engine, with the examiner outside."""

    isolation = Enum(
        ("full", "none"),
        "full",
        help="none: without a sandbox; submissions can read and change all that you can.",
    ).tag(config=True)
    cold = Bool(
        False, help="Run each in a plain kernel of its own, not isolated: for GPUs and Windows."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run all cells; what happened on the way becomes a note for the report.

        Raises NoIsolation where the machine cannot isolate as asked.
        """
        root, submission = _whose(resources)
        told = read_record(record_path(root, submission)).get("note", "")
        submitted = root / "build" / "submitted" / submission.learner / submission.lesson
        if self.cold:
            folder = autograded_path(root, submission).parent
            copy_beside(root, submission.lesson, submitted, folder)
            flags = [NOT_ISOLATED, in_a_kernel(nb, folder, self.config)]
        else:
            lesson, isolation = submission.lesson, cast(Isolation, self.isolation)
            try:
                files = beside(root, lesson, submitted)
                ran = run_warm((lesson, class_seed(root, lesson), isolation), nb, files)
            except NoIsolation as error:
                raise NoIsolation(error.missing, f"{error.remedy}\n{HOW_TO_GO_ON}") from error
            nb, flags = ran.notebook, ran.flags
        _note(root, submission, [told, *flags])
        return nb, resources


def _whose(resources: Any) -> tuple[Path, Submission]:
    """Return the course, which nbgrader has made the working directory, and the submission."""
    root = Path.cwd()
    words = resources["nbgrader"]
    return root, Submission(words["student"], words["assignment"], root)


def _note(root: Path, submission: Submission, notes: list[str]) -> None:
    """Keep notes where the class report reads them; `gradus grade` will find nothing graded yet."""
    write_record(root, submission, " ".join(filter(None, notes)))
