"""The results of a class: points from the gradebook, verdicts from the graded notebooks."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from autograder.grading import gradebook
from autograder.grading.cohort import Submission, grade_id
from autograder.grading.marks import label, verdict_of
from autograder.grading.records import autograded_path, read_record, record_path
from autograder.notebooks.build import notebook_path
from autograder.notebooks.source import LessonError
from autograder.verdict import Verdict


@dataclass(frozen=True)
class Exercise:
    """A graded cell of the lesson: its name in the gradebook and to people, and its points."""

    grade_id: str
    label: str
    points: float


@dataclass(frozen=True)
class Learner:
    """One learner's results; points by grade id, None while a person has to give them."""

    name: str
    points: dict[str, float | None]
    total: float
    note: str
    graded: Path

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts by grade id, read from the graded notebook when they are asked for."""
        return verdicts_in(self.graded)


@dataclass(frozen=True)
class Results:
    """A lesson's results."""

    lesson: str
    title: str
    exercises: tuple[Exercise, ...]
    learners: tuple[Learner, ...]

    @property
    def points(self) -> float:
        """All points there are."""
        return sum(exercise.points for exercise in self.exercises)


def results(root: Path, lesson: str) -> Results:
    """Read the results of a lesson that has been graded."""
    rows = [row for row in gradebook.rows(root, lesson) if any_points(row.points)]
    if not rows:
        raise LessonError(f"nothing of {lesson} is graded yet. Run `gradus grade {lesson}`.")
    release = nbformat.read(notebook_path(root, "course", lesson), as_version=4)
    most = gradebook.most_points(root, lesson)
    order = gradebook.in_order(release, set(most))
    exercises = tuple(Exercise(name, label(name), most[name]) for name in order)
    learners = []
    for row in rows:
        submission = Submission(row.learner, lesson, root)
        note = read_record(record_path(root, submission)).get("note", "")
        graded = autograded_path(root, submission)
        learners.append(Learner(row.learner, row.points, row.total, note, graded))
    title = next((c.source for c in release.cells if c.source.startswith("# ")), f"# {lesson}")
    return Results(lesson, title.splitlines()[0][2:], exercises, tuple(learners))


def any_points(points: dict[str, float | None]) -> bool:
    """Whether anything was graded at all."""
    return any(given is not None for given in points.values())


def verdicts_in(path: Path) -> dict[str, Verdict]:
    """Return the verdicts in a graded notebook by grade id; empty if there is no such notebook."""
    if not path.exists():
        return {}
    # Not nbformat.read, which checks the notebook first: nbgrader or we have written it.
    notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    found = {grade_id(cell): verdict_of(cell) for cell in notebook.cells if grade_id(cell)}
    return {name: verdict for name, verdict in found.items() if verdict}
