"""Counts what a class got right and what it misunderstood."""

from collections import Counter
from dataclasses import dataclass, field

from autograder.grading.results import Exercise, Results
from autograder.verdict import Verdict

# How much is known of an answer that lost points, from most to least.
RECOGNISED = "one known mistake explains all of it"
TIED = "several known mistakes explain it and cannot be told apart"
PARTLY = "a known mistake explains part of it"
UNKNOWN = "no known mistake fits"
BLANK = "not answered"
REFUSED = "refused, for example for a built-in that does the exercise"
BROKEN = "no verdict: plain tests, or the check itself failed"
KINDS = (RECOGNISED, TIED, PARTLY, UNKNOWN, BLANK, REFUSED, BROKEN)


@dataclass
class Count:
    """How often a mistake was made: for sure, and as one of several that cannot be told apart."""

    exercise: str
    name: str
    look: str
    surely: list[str] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)

    @property
    def learners(self) -> int:
        """How many learners may have made it."""
        return len(self.surely) + len(self.perhaps)


@dataclass
class Tally:
    """How a class fared in one exercise."""

    exercise: Exercise
    full: int = 0
    some: int = 0
    none: int = 0
    waiting: int = 0
    carried: int = 0
    share: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    mistakes: dict[str, Count] = field(default_factory=dict)
    failed_cases: Counter[str] = field(default_factory=Counter)

    def by_frequency(self) -> list[Count]:
        """Return the mistakes, the most frequent first."""
        return most_frequent(list(self.mistakes.values()))


def tally(results: Results) -> list[Tally]:
    """Count exercise by exercise."""
    return [_exercise(results, exercise) for exercise in results.exercises]


def most_frequent(counts: list[Count]) -> list[Count]:
    """Sort mistakes: those that most learners have surely made first."""
    return sorted(counts, key=lambda c: (-len(c.surely), -len(c.perhaps), c.exercise, c.name))


def _exercise(results: Results, exercise: Exercise) -> Tally:
    found = Tally(exercise)
    earned = 0.0
    for learner in results.learners:
        points = learner.points.get(exercise.grade_id)
        verdict = learner.verdicts.get(exercise.grade_id)
        if points is None:
            found.waiting += 1
            continue
        earned += points
        if points >= exercise.points:
            found.full += 1
        elif points:
            found.some += 1
        else:
            found.none += 1
        if verdict and verdict.carried:
            found.carried += 1
        if points < exercise.points:
            kind = kind_of(verdict)
            found.kinds[kind] += 1
            if verdict:
                _mistakes(found, verdict, learner.name, sure=kind == RECOGNISED)
    graded = len(results.learners) - found.waiting
    found.share = earned / (graded * exercise.points) if graded and exercise.points else 0.0
    return found


def kind_of(verdict: Verdict | None) -> str:
    """Say how much is known of an answer that lost points."""
    if verdict is None:
        return BROKEN
    if verdict.refused:
        return BLANK if verdict.refused.endswith("not written yet.") else REFUSED
    if not verdict.diagnoses:
        return UNKNOWN
    if any(diagnosis.sure < 1 for diagnosis in verdict.diagnoses):
        return PARTLY
    return RECOGNISED if len(verdict.diagnoses) == 1 else TIED


def _mistakes(found: Tally, verdict: Verdict, learner: str, sure: bool) -> None:
    for diagnosis in verdict.diagnoses:
        count = found.mistakes.setdefault(
            diagnosis.name, Count(found.exercise.label, diagnosis.name, diagnosis.look)
        )
        (count.surely if sure else count.perhaps).append(learner)
    for case in verdict.cases:
        if not case.passed:
            found.failed_cases[case.name] += 1
