"""Writes what the examiner said of an answer beside its points, as nbgrader's automatic comment."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.marks import verdict_of
from autograder.panel import title
from autograder.verdict import Verdict


class CommentVerdicts(NbGraderPreprocessor):  # type: ignore[misc]
    """After nbgrader has saved the scores: the comment on an answer sums up its verdict."""

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Write the comments of one notebook; a comment by a person goes before them."""
        words = resources["nbgrader"]
        place = (words["notebook"], words["assignment"], words["student"])
        with Gradebook(words["db_url"]) as book:
            for cell in notebook.cells:
                verdict = verdict_of(cell)
                if verdict is None:
                    continue
                try:
                    comment = book.find_comment(verdict.exercise, *place)
                except MissingEntry:
                    continue
                comment.auto_comment = summary(verdict)
            book.db.commit()
        return notebook, resources


def summary(verdict: Verdict) -> str:
    """Say in one paragraph how an answer fared.

    What kind of mistake it looks like stays behind the panel's fold, so that thinking comes first.
    """
    failed = "; ".join(case.name for case in verdict.cases if not case.passed)
    parts = [f"{title(verdict.as_json())}.", verdict.refused]
    if not verdict.refused:
        parts += [f"Failed: {failed}." if failed else "All cases passed.", verdict.carried]
    return " ".join(part for part in parts if part)
