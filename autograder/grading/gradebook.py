"""Reads and writes nbgrader's gradebook. Only one process may write to it."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.grading.cohort import Submission, grade_id
from autograder.grading.patience import patient
from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.gradebook import gradebook_path
from autograder.notebooks.source import LessonError


@dataclass(frozen=True)
class Row:
    """One learner's line in the gradebook; a point is None while a person has to give it."""

    learner: str
    points: dict[str, float | None]
    total: float
    most: float


@contextmanager
def open_gradebook(root: Path, lesson: str) -> Iterator[Any]:
    """Open the gradebook, which must know the lesson."""
    from nbgrader.api import Gradebook, MissingEntry

    if not gradebook_path(root).exists():
        raise LessonError(f"{lesson} is not in the gradebook yet. Run `gradus build` first.")
    with quiet(), Gradebook(nbgrader_config(root).CourseDirectory.db_url, "gradus") as book:
        try:
            book.find_notebook(lesson, lesson)
        except MissingEntry as error:
            raise LessonError(
                f"{lesson} is not in the gradebook yet. Run `gradus build` first."
            ) from error
        yield book


@patient
def cell_names(root: Path, lesson: str) -> set[str]:
    """Return nbgrader's names for the cells of a lesson, answers included."""
    with open_gradebook(root, lesson) as book:
        return {cell.name for cell in book.find_notebook(lesson, lesson).source_cells}


@patient
def most_points(root: Path, lesson: str) -> dict[str, float]:
    """Return what the graded cells of a lesson are worth."""
    with open_gradebook(root, lesson) as book:
        cells = book.find_notebook(lesson, lesson).grade_cells
        return {cell.name: cell.max_score for cell in cells}


@patient
def rows(root: Path, lesson: str) -> list[Row]:
    """Return the lines of all learners who have submitted the lesson, by name."""
    with open_gradebook(root, lesson) as book:
        found = []
        for submission in book.assignment_submissions(lesson):
            points = {}
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    given = grade.auto_score is not None or grade.manual_score is not None
                    points[grade.name] = grade.score if given else None
            # A late penalty takes from the whole, never below nothing.
            total = max(0.0, submission.score - (submission.late_submission_penalty or 0))
            found.append(Row(submission.student.id, points, total, submission.max_score))
        return sorted(found, key=lambda row: row.learner)


@patient
def enter(root: Path, lesson: str, times: Mapping[str, datetime | None]) -> None:
    """Enter learners and their submissions, unless they are there already: all or nobody.

    `times` says, by learner, when they handed in, if that is known.
    """
    with open_gradebook(root, lesson) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, about how nbgrader adds rows
        # Asked for at once: nbgrader's way to update or create asks for each.
        students = {student.id for student in book.students}
        handed_in = {one.student_id: one for one in book.assignment_submissions(lesson)}
        with at_once(book):
            for learner, time in times.items():
                if learner not in students:
                    book.add_student(learner)
                if learner not in handed_in:
                    book.add_submission(lesson, learner, **({"timestamp": time} if time else {}))
                elif time:
                    handed_in[learner].timestamp = time


@patient
def give_nothing(root: Path, submission: Submission, why: str) -> None:
    """Give 0 for everything, with a reason; points that a person gave stay."""
    lesson = submission.lesson
    with open_gradebook(root, lesson) as book:
        notebook = book.find_submission_notebook(lesson, lesson, submission.learner)
        for grade in notebook.grades:
            grade.auto_score = 0
            grade.needs_manual_grade = False
        for comment in notebook.comments:
            comment.auto_comment = why
        book.db.commit()


def put_through(
    root: Path, submission: Submission, notebook: NotebookNode, preprocessors: Sequence[Any]
) -> NotebookNode:
    """Put a notebook through some of nbgrader's preprocessors, which may write to the gradebook.

    Returns the notebook as it comes out; the one that went in may be changed.
    """
    config = nbgrader_config(root)
    words = {
        "student": submission.learner,
        "assignment": submission.lesson,
        "notebook": submission.lesson,
        "db_url": config.CourseDirectory.db_url,
    }
    resources: Any = {"nbgrader": words}
    with quiet():
        for preprocessor in preprocessors:
            kind = import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor
            notebook, resources = _put_through_one(root, kind, config, notebook, resources)
    # A cell that nbgrader has put back is a plain dictionary without an id.
    notebook = from_dict(notebook)
    for cell in notebook.cells:
        cell.setdefault("id", grade_id(cell))
    return notebook


@patient
def _put_through_one(
    root: Path, kind: Any, config: Config, notebook: NotebookNode, resources: Any
) -> tuple[NotebookNode, Any]:
    """One of them; none does other things to a notebook the second time."""
    result: tuple[NotebookNode, Any] = kind(config=config)(notebook, resources)
    return result


def in_order(notebook: NotebookNode, names: set[str]) -> list[str]:
    """Return names of graded cells in the order of a notebook, those it does not hold last."""
    there = [grade_id(cell) for cell in notebook.cells]
    return [name for name in there if name in names] + sorted(names - set(there))


@contextmanager
def at_once(book: Any) -> Iterator[None]:
    """Save all that nbgrader writes into an open gradebook in here together, or none of it.

    It would wait for the disk, and then read again what it knew, after each row.
    """
    save, book.db.commit = book.db.commit, lambda: None
    yield
    save()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep nbgrader from telling of every cell that it restores, and of errors that we tell of."""
    logs = [logging.getLogger(name) for name in ("traitlets", "tornado.application")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
