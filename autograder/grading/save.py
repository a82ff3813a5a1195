"""Saves the scores of a notebook in one go: nbgrader's own step, without its commit for each cell."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """As nbgrader saves them; but a notebook's scores are all there or not at all.

    A commit waits for the disk, and makes the session forget, and read again, what it knows.
    """

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save what the cells of one notebook earned, and nbgrader's comments on them."""
        words = resources["nbgrader"]
        self.notebook_id, self.assignment_id = words["notebook"], words["assignment"]
        self.student_id = words["student"]
        with Gradebook(words["db_url"]) as self.gradebook:
            session = self.gradebook.db
            commit, session.commit = session.commit, session.flush
            # Not SaveAutoGrades' own, which would open the gradebook once more.
            found: tuple[NotebookNode, Any] = NbGraderPreprocessor.preprocess(
                self, notebook, resources
            )
            commit()
        return found
