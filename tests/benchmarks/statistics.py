"""How often do right answers fail a statistical check? `python -m tests.benchmarks.statistics`.

Every case of the bank whose judge is a test of chance is sat again and again by right answers: the
reference and every variant. Each time the generators get other seeds, so that the draws are new.
The checks promise a false alarm at most once in 1,000,000,000 times each; so no failure may come.
The last line is one JSON object.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch

from autograder import answering, exercises
from autograder.diagnosis import observe_own
from autograder.exercise import Case, Exercise
from autograder.judge import Seen
from autograder.stand_ins import Seeded
from autograder.trial import Call, Trial
from autograder.words import Words

OFFSETS = itertools.count(1_000_000, 1_000)  # to the seeds of the bank, a new one each time


def is_statistical(case: Case) -> bool:
    """Whether a case is judged by a test with a rate of false alarms."""
    return hasattr(case.judge, "alpha") or hasattr(
        sys.modules[type(case.judge).__module__], "ALPHA"
    )


def reseeded(value: Any, by: int) -> Any:
    """Return a trial, or what is in it, with other seeds: what had the same ones still has."""
    if isinstance(value, Seeded):
        return Seeded(value.seed + by)
    if isinstance(value, list | tuple):
        return type(value)(reseeded(item, by) for item in value)
    if isinstance(value, dict):
        return {key: reseeded(item, by) for key, item in value.items()}
    if isinstance(value, Trial):
        made = reseeded(value.construct, by)
        return replace(value, calls=reseeded(value.calls, by), construct=made)
    if isinstance(value, Call):
        return replace(value, args=reseeded(value.args, by), kwargs=reseeded(value.kwargs, by))
    return value


@contextmanager
def global_seed(seed: int) -> Iterator[None]:
    """Let trials without a generator of their own start here."""
    before = answering.SEED
    answering.SEED = seed
    try:
        yield
    finally:
        answering.SEED = before


def sit(
    exercise: Exercise, case: Case, trials: list[Trial], right: Seen, answer: Any
) -> str | None:
    """Let an answer sit one case with new dice; return what the judge finds, None if nothing."""
    by = next(OFFSETS)
    with global_seed(by):
        seen = [observe_own(exercise, answer, reseeded(trial, by)) for trial in trials]
    return case.judge.fault(seen, right, Words(exercise.name))


def main() -> None:
    """Rerun all statistical cases, of one lesson or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000, help="reruns for each right answer")
    parser.add_argument("--lesson", help="one lesson only, such as 09_sampling")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    start = time.perf_counter()
    summary: dict[str, Any] = {"times": chosen.times, "cases": 0, "sittings": 0, "failures": 0}
    failed: list[str] = []
    for lesson in [chosen.lesson] if chosen.lesson else exercises.LESSONS:
        for exercise in exercises.of_lesson(lesson):
            answers = [("the reference", exercise.reference)]
            answers += [(variant.name, variant.answer) for variant in exercise.variants]
            for case in filter(is_statistical, exercise.all_cases()):
                # The variations of the house rules differ in more than their dice: one is enough.
                trials = case.trials(0)[:1] if case is exercise.house else case.trials(0)
                # What the reference shows tells the judge the shape; its own draws do not matter.
                right = [observe_own(exercise, exercise.reference, trial) for trial in trials]
                summary["cases"] += 1
                for name, answer in answers:
                    for _ in range(chosen.times):
                        summary["sittings"] += 1
                        fault = sit(exercise, case, trials, right, answer)
                        if fault:
                            failed.append(f"{exercise.name}, {case.name}, {name}: {fault}")
                print(f"{exercise.name}, {case.name}: {len(answers)} answers", flush=True)
    summary["failures"] = len(failed)
    summary["seconds"] = round(time.perf_counter() - start, 1)
    print("\n".join(failed[:20]))
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
