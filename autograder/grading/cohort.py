"""The cohort: finds the submissions of a lesson, also those under another name."""

from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.grading.engine.reading import UnreadableSubmission, read_submission


@dataclass(frozen=True)
class Submission:
    """One learner's folder for one lesson: build/submitted/LEARNER/LESSON/."""

    learner: str
    lesson: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """Where the notebook should lie."""
        return self.folder / f"{self.lesson}.ipynb"


def submissions(root: Path, lesson: str) -> list[Submission]:
    """Return all submissions of a lesson, by learner; also folders that hold no notebook."""
    folders = sorted((root / "build" / "submitted").glob(f"*/{lesson}"))
    return [Submission(f.parent.name, lesson, f) for f in folders if f.is_dir()]


def find_notebook(submission: Submission, grade_ids: set[str]) -> tuple[NotebookNode, str]:
    """Return the submitted notebook and a note, which is empty if all was as it should be.

    A notebook under another name counts if it alone holds cells of the lesson (`grade_ids`).
    """
    wanted = submission.notebook
    if wanted.is_file():
        return read_submission(wanted), ""
    others = [path for path in sorted(submission.folder.glob("*.ipynb")) if path.is_file()]
    if not others:
        raise UnreadableSubmission(f"There is no notebook: {wanted.name} is missing.")
    fitting = []
    for path in others:
        try:
            notebook = read_submission(path)
        except UnreadableSubmission:
            continue
        if grade_ids & {id for cell in notebook.cells if (id := grade_id(cell))}:
            fitting.append((notebook, path.name))
    if len(fitting) == 1:
        [(notebook, name)] = fitting
        return notebook, f"The notebook is called {name} instead of {wanted.name}."
    names = ", ".join(path.name for path in others)
    what = "is not this lesson" if len(others) == 1 else "cannot be told apart"
    raise UnreadableSubmission(f"{wanted.name} is missing. What was found {what}: {names}.")


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's name for a cell; empty for a cell that is not graded."""
    words = cell.get("metadata", {}).get("nbgrader")
    return str(words.get("grade_id", "")) if isinstance(words, dict) else ""
