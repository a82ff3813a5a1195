"""A large class: the memory does not grow with it."""

import sys
from contextlib import suppress

import psutil
import pytest

from autograder.grading.fan_out import in_the_engine
from autograder.grading.grade import grade
from autograder.grading.gradebook import rows
from autograder.grading.workers import local_workers
from tests.grading.faults.conftest import DOUBLE, LESSON, family, hand_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
LEARNERS, FIRST = 500, 100
GROWTH = 30 * 2**20  # bytes that 400 more submissions may add; one notebook in memory has 50 kB


def memory():
    """Private memory of this process and of all below it, in bytes."""
    used = 0
    for process in family(psutil.Process().pid):
        with suppress(psutil.NoSuchProcess, FileNotFoundError):  # a submission that is done
            used += process.memory_full_info().uss
    return used


def test_500_submissions_take_no_more_memory_than_100(course):
    for number in range(LEARNERS):
        hand_in(course, f"learner{number:03}", DOUBLE)
    run_many = in_the_engine(LESSON, 1, "full", lambda: local_workers(LESSON, "full", 2))

    used = []
    for number, outcome in enumerate(grade(course, LESSON, run_many=run_many), 1):
        assert "Crashed" not in outcome.note
        if number in (FIRST, LEARNERS - 1):  # the last one may come after its worker has gone
            used.append(memory())

    at_first, at_last = used
    assert at_last - at_first < GROWTH
    assert {row.total for row in rows(course, LESSON)} == {2.0}
    assert len(rows(course, LESSON)) == LEARNERS
