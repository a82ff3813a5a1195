"""The examiner: sets the questions, tries the reference, compares, and says what it finds."""

import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from autograder import house_rules
from autograder.diagnosis import Evidence, diagnose, observe_own
from autograder.exercise import Case, Exercise, Mistake
from autograder.judge import Seen
from autograder.observation import Observation
from autograder.trial import Trial
from autograder.verdict import CaseResult, Diagnosis, Verdict
from autograder.words import Words, words_of

SECONDS = 5.0  # for one trial on the learner's side
MOST_COMBINATIONS = 8  # of earlier mistakes that could not be told apart


@dataclass(frozen=True)
class Questions:
    """One case in one sitting; `shown` remembers what answers of our own show in each trial."""

    case: Case
    trials: tuple[Trial, ...]
    shown: tuple[dict[str, Observation], ...]


@dataclass(frozen=True, eq=False)
class Paper:
    """The questions of one sitting, by case.

    `verdicts` remembers what was found of what: of a digest of all that an answer showed, and of
    the mistakes that were recognised before.
    """

    exercise: Exercise
    cases: tuple[Questions, ...]
    verdicts: dict[Any, Verdict] = field(default_factory=dict)

    def trials(self) -> list[Trial]:
        """All trials in order."""
        return [trial for questions in self.cases for trial in questions.trials]


# What answers of our own show in visible cases, which are the same in every sitting.
_VISIBLE: WeakKeyDictionary[Exercise, dict[str, Questions]] = WeakKeyDictionary()


@lru_cache(maxsize=64)  # a class is examined with one seed
def set_paper(exercise: Exercise, seed: int) -> Paper:
    """Make the questions; `seed` decides what the hidden cases ask."""
    visible = _VISIBLE.setdefault(exercise, {})
    return Paper(
        exercise,
        tuple(
            _questions(case, seed)
            if case.hidden
            else visible.setdefault(case.name, _questions(case, 0))
            for case in exercise.all_cases()
        ),
    )


def _questions(case: Case, seed: int) -> Questions:
    trials = tuple(case.trials(seed))
    return Questions(case, trials, tuple({} for _ in trials))


def sit_reference(paper: Paper) -> None:
    """Let the reference answer a paper, which then remembers what it shows."""
    for q in paper.cases:
        _expected(paper.exercise, q.trials, q.shown)


def examine(
    paper: Paper, seen: Seen, earlier: Mapping[str, Sequence[Mistake]] | None = None
) -> Verdict:
    """Judge what an answer showed.

    `earlier` maps exercises that this one builds on to the mistakes recognised in their answers: an
    answer that is right but for those keeps its points.
    """
    exercise = paper.exercise
    forbidden = sorted({name for one in seen for name in one.builtins})
    if forbidden:
        return refuse(
            exercise, f"It calls {', '.join(forbidden)}, which does what you shall build."
        )
    if all(one.raised and one.raised.kind == "NotImplementedError" for one in seen):
        return refuse(exercise, f"{exercise.name} is not written yet.")
    words = words_of(exercise.reference, exercise.name, exercise.returns)
    evidence = _evidence(paper, seen)
    results = [_result(e, seen, evidence, words) for e in evidence]
    diagnoses: list[Diagnosis] = []
    carried = None
    if not all(result.passed for result in results):
        carried = _carried(paper, seen, earlier or {}, words)
        if carried:
            results = [replace(r, passed=True, points=r.max_points, message="") for r in results]
        else:
            diagnoses = diagnose(exercise, evidence)
    return Verdict(
        exercise.name,
        float(sum(result.points for result in results)),
        exercise.points,
        results,
        diagnoses,
        carried=carried,
        printed=next((one.printed for one in seen if one.printed), ""),
    )


def refuse(exercise: Exercise, why: str) -> Verdict:
    """Return a verdict without points that says why nothing was judged."""
    return Verdict(exercise.name, 0.0, exercise.points, refused=why)


def _evidence(paper: Paper, seen: Seen, remember: bool = True) -> list[Evidence]:
    rest: Iterator[Observation] = iter(seen)
    evidence = []
    for q in paper.cases:
        shown = q.shown if remember else tuple({} for _ in q.trials)
        right = _expected(paper.exercise, q.trials, shown)
        answered = list(itertools.islice(rest, len(q.trials)))
        evidence.append(Evidence(q.case, q.trials, answered, right, shown))
    return evidence


def _expected(
    exercise: Exercise, trials: Sequence[Trial], shown: Sequence[dict[str, Observation]]
) -> list[Observation]:
    """What the reference shows, which has no name among the mistakes."""
    for trial, known in zip(trials, shown, strict=True):
        if "" not in known:
            known[""] = observe_own(exercise, exercise.reference, trial)
    return [known[""] for known in shown]


def _result(e: Evidence, seen: Seen, evidence: Sequence[Evidence], words: Words) -> CaseResult:
    try:
        if e.case.name == house_rules.NAME:
            expected = [right for other in evidence for right in other.expected]
            fault = house_rules.side_effect(seen, expected, words)
            fault = fault or house_rules.broken(e.seen, e.expected, words, e.case.judge)
        else:
            fault = e.case.judge.fault(e.seen, e.expected, words)
    except (TypeError, ValueError, RuntimeError, IndexError, AttributeError) as error:
        # What came back was of no shape a judge expects; that is a fault, not a crash.
        fault = f"What it returned could not be compared ({error})."
    points = 0.0 if fault else e.case.points
    shown = _without_inputs(fault, e) if e.case.hidden and fault else fault
    hint = e.case.hint if fault else ""
    return CaseResult(
        e.case.name, points, e.case.points, not fault, shown or "", e.case.hidden, hint
    )


def _without_inputs(fault: str, e: Evidence) -> str:
    """What may be said of a hidden case: the kind of fault, no values and no sizes."""
    if any(one.raised for one in e.seen) or fault.startswith("The values are right"):
        return fault  # an exception's message is the learner's own
    if fault.startswith(("The shape", "The dtype")):
        return f"{fault[:9]} is wrong for inputs that are not shown."
    return "The values are wrong for inputs that are not shown."


def _carried(
    paper: Paper, seen: Seen, earlier: Mapping[str, Sequence[Mistake]], words: Words
) -> str | None:
    """Say which earlier mistakes explain the whole answer; None if they do not."""
    used = [(u.name, earlier[u.name]) for u in paper.exercise.uses if earlier.get(u.name)]
    if not used:
        return None
    names = [name for name, _ in used]
    choices = itertools.product(*(mistakes for _, mistakes in used))
    for chosen in itertools.islice(choices, MOST_COMBINATIONS):
        with _in_place(paper.exercise.reference, dict(zip(names, chosen, strict=True))):
            evidence = _evidence(paper, seen, remember=False)
            results = [_result(e, seen, evidence, words) for e in evidence]
        # Where the mistake only makes the reference crash, agreeing with it proves nothing.
        crashed = any(
            mistaken.raised and not right.raised
            for e, plain in zip(evidence, _evidence(paper, seen), strict=True)
            for mistaken, right in zip(e.expected, plain.expected, strict=True)
        )
        if not crashed and all(result.passed for result in results):
            because = " and ".join(
                f"{n} ({m.name.rstrip('.')})" for n, m in zip(names, chosen, strict=True)
            )
            return f"Right, given your earlier {because}. It costs its points only once."
    return None


@contextmanager
def _in_place(reference: Any, mistakes: Mapping[str, Mistake]) -> Iterator[None]:
    """Put mistakes in the place of the functions that the reference calls."""
    namespace = vars(sys.modules[reference.__module__])
    before = {name: namespace[name] for name in mistakes}
    namespace.update({name: mistake.answer for name, mistake in mistakes.items()})
    try:
        yield
    finally:
        namespace.update(before)
