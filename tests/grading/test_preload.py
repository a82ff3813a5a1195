"""What workers are forked from: the papers of the class are set, and nothing else is odd."""

import json
import os
import subprocess
import sys

import pytest

from autograder.grading.early import CLASS

LOOK = """
import gc, json, sys, threading
import autograder.grading.preload
from autograder.examiner import set_paper
from autograder.exercises import of_lesson
lesson, seed = sys.argv[1], int(sys.argv[2])
before = set_paper.cache_info().misses
for exercise in of_lesson(lesson) if lesson else ():
    for questions in set_paper(exercise, seed).cases:
        assert all("" in shown for shown in questions.shown), exercise.name
print(json.dumps({
    "set anew": set_paper.cache_info().misses - before,
    "collects": gc.isenabled(),
    "set apart": gc.get_freeze_count() > 100_000,
    "threads": threading.active_count(),
}))
"""


def preloaded(told: str, lesson: str, seed: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, lesson, str(seed)],
        env=os.environ | {CLASS: told},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_the_papers_of_the_class_are_set_and_the_reference_has_sat_them():
    found = preloaded("04_attention 5", "04_attention", 5)
    assert found == {"set anew": 0, "collects": True, "set apart": True, "threads": 1}


@pytest.mark.slow
def test_a_lesson_of_an_instructors_own_has_no_papers():
    assert preloaded("99_mine 5", "", 5)["set anew"] == 0
