"""How long a check takes, for right and wrong answers: `python -m tests.benchmarks.check`.

Imports are excluded. The last line is one JSON object with seconds.
"""

import argparse
import json
import statistics
import time

from autograder import exercises
from autograder.exercise import Exercise
from autograder.rehearsal import sit


def seconds(exercise: Exercise, answer: object) -> float:
    """Time one sitting."""
    start = time.perf_counter()
    sit(exercise, answer)
    return time.perf_counter() - start


def main() -> None:
    """Time the reference and every mistake of the chosen lessons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lessons", nargs="*", default=list(exercises.LESSONS))
    chosen = parser.parse_args().lessons
    every: list[float] = []
    slowest: dict[str, float] = {}
    for lesson in chosen:
        for exercise in exercises.of_lesson(lesson):
            sit(exercise, exercise.reference)  # once for what torch imports late
            answers = [exercise.reference, *(m.answer for m in exercise.mistakes)]
            taken = [seconds(exercise, answer) for answer in answers]
            every += taken
            slowest[exercise.name] = max(taken)
            print(
                f"{exercise.name:22} right {taken[0]:.3f} s   "
                f"median {statistics.median(taken):.3f} s   slowest {max(taken):.3f} s"
            )
    summary = {"checks": len(every), "median": statistics.median(every), "slowest": max(every)}
    print(json.dumps(summary | {"slowest_by_exercise": slowest}))


if __name__ == "__main__":
    main()
