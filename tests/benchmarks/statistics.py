"""How often do right answers fail a statistical check? `python -m tests.benchmarks.statistics`.

Every case of the bank whose judge is a test of chance is sat again and again by right answers: the
reference and every variant. Each time the generators get other seeds, so that the draws are new.
The checks promise a false alarm at most once in 1,000,000,000 times each; so no failure may come.
The last line is one JSON object.
"""

import argparse
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import Any

import torch

from autograder import answering, exercises
from autograder.diagnosis import observe_own
from autograder.exercise import Case, Exercise
from autograder.stand_ins import Seeded
from autograder.trial import Trial
from autograder.words import Words

SEEDS = itertools.count(1_000_000)


def is_statistical(case: Case) -> bool:
    """Whether a case is judged by a test with a rate of false alarms."""
    return hasattr(case.judge, "alpha")


def reseeded(value: Any) -> Any:
    """Return a trial, or what is in it, with a fresh seed in each generator."""
    if isinstance(value, Seeded):
        return Seeded(next(SEEDS))
    if isinstance(value, list | tuple):
        return type(value)(reseeded(item) for item in value)
    if isinstance(value, dict):
        return {key: reseeded(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type) and isinstance(value, Trial):
        return replace(value, **{f.name: reseeded(getattr(value, f.name)) for f in fields(value)})
    if type(value).__name__ == "Call":
        return replace(value, args=reseeded(value.args), kwargs=reseeded(value.kwargs))
    return value


@contextmanager
def other_global_seed() -> Iterator[None]:
    """Let trials without a generator of their own start somewhere else each time."""
    before = answering.SEED
    answering.SEED = next(SEEDS)
    try:
        yield
    finally:
        answering.SEED = before


def sit(exercise: Exercise, case: Case, trials: list[Trial], answer: Any) -> str | None:
    """Let an answer sit one case with new dice; return what the judge finds, None if nothing."""
    fresh = [reseeded(trial) for trial in trials]
    with other_global_seed():
        seen = [observe_own(exercise, answer, trial) for trial in fresh]
        right = [observe_own(exercise, exercise.reference, trial) for trial in fresh]
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
                summary["cases"] += 1
                for name, answer in answers:
                    for _ in range(chosen.times):
                        summary["sittings"] += 1
                        fault = sit(exercise, case, trials, answer)
                        if fault:
                            failed.append(f"{exercise.name}, {case.name}, {name}: {fault}")
                print(f"{exercise.name}, {case.name}: {len(answers)} answers", flush=True)
    summary["failures"] = len(failed)
    summary["seconds"] = round(time.perf_counter() - start, 1)
    print("\n".join(failed[:20]))
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
