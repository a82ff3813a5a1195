"""Saves what a notebook earned, and what the examiner said of it, into nbgrader's gradebook."""

from functools import cache
from typing import Any

import nbgrader.api
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.grading.comments import summary
from autograder.grading.marks import verdict_of

# nbgrader makes an engine whenever it opens the gradebook, and each compiles all its SQL anew.
nbgrader.api.create_engine = cache(nbgrader.api.create_engine)


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's own step, with two differences.

    A notebook's scores are all there or not at all: a commit for each cell would wait for the disk,
    and make the session read again what it knows. And the comment on an answer sums up its verdict;
    a comment by a person goes before it.
    """

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the scores and comments of one notebook."""
        words = resources["nbgrader"]
        self.notebook_id, self.assignment_id = words["notebook"], words["assignment"]
        self.student_id = words["student"]
        found = [verdict for cell in notebook.cells if (verdict := verdict_of(cell))]
        self.verdicts = {verdict.exercise: verdict for verdict in found}
        with Gradebook(words["db_url"]) as self.gradebook:
            session = self.gradebook.db
            commit, session.commit = session.commit, session.flush
            # Not SaveAutoGrades' own, which would open the gradebook once more.
            NbGraderPreprocessor.preprocess(self, notebook, resources)
            commit()
        return notebook, resources

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        if name not in self.verdicts:
            super()._add_comment(cell, resources)
            return
        place = (self.notebook_id, self.assignment_id, self.student_id)
        self.gradebook.find_comment(name, *place).auto_comment = summary(self.verdicts[name])
