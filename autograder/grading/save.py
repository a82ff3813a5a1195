"""Saves what a notebook earned, and what the examiner said of it, into nbgrader's gradebook."""

from functools import cache
from typing import Any

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

from autograder.grading.comments import summary
from autograder.grading.gradebook import at_once
from autograder.grading.marks import verdict_of

# nbgrader makes an engine whenever it opens the gradebook, and each compiles all its SQL anew.
api.create_engine = cache(api.create_engine)


class OneNotebook(Gradebook):  # type: ignore[misc]
    """The gradebook, opened to write into one submitted notebook.

    nbgrader asks for each grade and each comment by a query over seven tables. Here all are read at
    once.
    """

    def __init__(self, db_url: str) -> None:
        """Open it, without asking for every table: entering the learner has found them all."""
        self.engine = api.create_engine(db_url, echo=False, future=True)
        session = api.sessionmaker(bind=self.engine, autoflush=True, future=True)
        self.db: Any = api.scoped_session(session)

    def read(self, *place: str) -> None:
        """Read what is known of a notebook; `place` is notebook, assignment, student."""
        self.place = place
        self.row = self.find_submission_notebook(*place)
        self.grades = self._by_name(Grade)
        self.comments = self._by_name(Comment)

    def _by_name(self, kind: Any) -> dict[str, Any]:
        found = self.db.query(BaseCell.name, kind).join(BaseCell, BaseCell.id == kind.cell_id)
        return dict(found.filter(kind.notebook_id == self.row.id).all())

    def find_grade(self, grade_cell: str, *_: str) -> Any:
        """Return a grade; raises MissingEntry."""
        return self._known(self.grades, grade_cell)

    def find_comment(self, solution_cell: str, *_: str) -> Any:
        """Return a comment; raises MissingEntry."""
        return self._known(self.comments, solution_cell)

    def _known(self, rows: dict[str, Any], name: str) -> Any:
        if name not in rows:
            raise MissingEntry(f"{'/'.join(self.place)} has no {name} in the gradebook")
        return rows[name]


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's own step, with three differences.

    A notebook's scores are all there or not at all. The comment on an answer sums up its verdict; a
    comment by a person goes before it. And a penalty for coming late, which nbgrader works out in a
    step after this one, is only looked into where somebody is, or was, late.
    """

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the scores and comments of one notebook."""
        words = resources["nbgrader"]
        self.notebook_id, self.assignment_id = words["notebook"], words["assignment"]
        self.student_id = words["student"]
        found = [verdict for cell in notebook.cells if (verdict := verdict_of(cell))]
        self.verdicts = {verdict.exercise: verdict for verdict in found}
        with OneNotebook(words["db_url"]) as self.gradebook, at_once(self.gradebook):
            self.gradebook.read(self.notebook_id, self.assignment_id, self.student_id)
            # Not SaveAutoGrades' own, which would open the gradebook once more.
            NbGraderPreprocessor.preprocess(self, notebook, resources)
            row = self.gradebook.row
            late = row.assignment.total_seconds_late > 0 or row.late_submission_penalty is not None
        if late:
            AssignLatePenalties(config=self.config)(notebook, resources)
        return notebook, resources

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        if name not in self.verdicts:
            super()._add_comment(cell, resources)
            return
        self.gradebook.find_comment(name).auto_comment = summary(self.verdicts[name])
