"""Diagnosis: which known mistake behaves as the answer does?

The answer and every mistake are tried in the same trials. A mistake explains a trial when both came
out alike there. Where no known mistake explains enough, simple transformations of the right output
(a transpose, a sign, a shift, a unit) are tried instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.answering import observe
from autograder.exercise import Case, Exercise, Mistake
from autograder.judge import Judge, Seen
from autograder.observation import Observation
from autograder.slips import slip
from autograder.trial import Trial
from autograder.verdict import Diagnosis

WORTH_SAYING = 0.5  # share of the wrong trials that a mistake must explain to be named
LEAST_PART = 0.25  # the same for one of several mistakes in an answer


@dataclass(frozen=True)
class Evidence:
    """One case as it went: its trials, what the answer showed and what the reference shows.

    `shown` remembers, for each trial, what known mistakes show in it, by their names.
    """

    case: Case
    trials: Sequence[Trial]
    seen: Seen
    expected: Seen
    shown: Sequence[dict[str, Observation]]


@dataclass
class _Tried:
    """One trial: what the answer showed, whether that is wrong, and what known mistakes show."""

    judge: Judge
    trial: Trial
    seen: Observation
    expected: Observation
    wrong: bool
    shown: dict[str, Observation]

    def fits(self, exercise: Exercise, mistake: Mistake) -> bool:
        """Whether a mistake comes out as the answer did."""
        return self.judge.alike(self._show(exercise, mistake), self.seen)

    def tells(self, exercise: Exercise, mistake: Mistake) -> bool:
        """Whether that a mistake fits means anything: not just that both raised some error."""
        shown, seen = self._show(exercise, mistake).raised, self.seen.raised
        return not shown or not seen or shown.message == seen.message

    def harms(self, exercise: Exercise, mistake: Mistake) -> bool:
        """Whether a mistake goes wrong here."""
        return not self.judge.alike(self._show(exercise, mistake), self.expected)

    def _show(self, exercise: Exercise, mistake: Mistake) -> Observation:
        if mistake.name not in self.shown:
            self.shown[mistake.name] = observe_own(exercise, mistake.answer, self.trial)
        return self.shown[mistake.name]


def observe_own(exercise: Exercise, answer: Any, trial: Trial) -> Observation:
    """Make a trial of an answer of our own: the reference or a mistake."""
    if exercise.kind == "value":
        return Observation(outputs=[answer])
    return observe(answer, trial)


def diagnose(exercise: Exercise, evidence: Sequence[Evidence]) -> list[Diagnosis]:
    """Return the best explanation; several where they cannot be told apart, none if none fits."""
    tried = [
        _Tried(e.case.judge, trial, seen, right, not e.case.judge.alike(seen, right), shown)
        for e in evidence
        for trial, seen, right, shown in zip(e.trials, e.seen, e.expected, e.shown, strict=True)
    ]
    # Where the answer went wrong, a mistake that is another shows soonest; long trials come last.
    tried.sort(key=lambda one: (not one.wrong, one.trial.repeat, one.trial.device == "meta"))
    if not tried or not tried[0].wrong:
        return []
    # Those that fit at first sight come first: once one fits in full, the rest need no second look.
    suspects = sorted(exercise.mistakes, key=lambda m: not tried[0].fits(exercise, m))
    best, found = WORTH_SAYING, list[Mistake]()
    for mistake in suspects:
        sure = explains(exercise, mistake, tried, best)
        if sure > best:
            best, found = sure, []
        if sure == best:
            found.append(mistake)
    if (best < 1 or not found) and (slipped := slip(evidence)):
        return [slipped]
    if not found:
        best, found = _in_part(exercise, suspects, tried)
    found.sort(key=exercise.mistakes.index)
    return [Diagnosis(m.name, m.look, round(best, 2)) for m in found]


def explains(
    exercise: Exercise, mistake: Mistake, tried: Sequence[_Tried], at_least: float
) -> float:
    """Share of all trials in which answer or mistake go wrong that they go wrong in alike.

    Returns 0 as soon as the share is sure to be under `at_least`.
    """
    left = either = sum(one.wrong for one in tried)
    both, told = 0, False
    for one in tried:
        if one.wrong:
            left -= 1
            if one.fits(exercise, mistake):
                both += 1
                told = told or one.tells(exercise, mistake)
        else:
            either += one.harms(exercise, mistake)
        if (both + left) / either < at_least:
            return 0.0
    return both / either if told else 0.0


def _in_part(
    exercise: Exercise, suspects: Sequence[Mistake], tried: Sequence[_Tried]
) -> tuple[float, list[Mistake]]:
    """Find mistakes that are one of several in the answer, and the share that they explain.

    They come out as the answer does where it first goes wrong, and nowhere harm what it got right.
    """
    first, *rest = tried
    shares: list[tuple[float, Mistake]] = []
    for mistake in suspects:
        if not first.fits(exercise, mistake) or not first.tells(exercise, mistake):
            continue
        if not any(one.harms(exercise, mistake) for one in rest if not one.wrong):
            wrong = [one for one in tried if one.wrong]
            share = sum(one.fits(exercise, mistake) for one in wrong) / len(wrong)
            if share >= LEAST_PART:
                shares.append((share, mistake))
    best = max((share for share, _ in shares), default=0.0)
    return best, [mistake for share, mistake in shares if share == best]
