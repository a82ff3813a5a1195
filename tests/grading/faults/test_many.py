"""A large class: the memory does not grow with it."""

import re
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from autograder.grading.early import warming_up
from autograder.grading.fan_out import on_this_machine
from autograder.grading.grade import grade
from autograder.grading.gradebook import rows
from tests.grading.faults.conftest import DOUBLE, LESSON, family, hand_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
LEARNERS, FIRST = 500, 100
PROCESSES = 4  # that live as long as the run: the command, its two workers, the server
GROWTH = 30 * 2**20  # bytes that 400 more submissions may add; one notebook in memory has 50 kB


def memory():
    """Memory of each process of this run, by its number and its time of birth, in bytes.

    Anonymous pages, those shared with a child included: which of a server's pages are private
    depends on how many submissions it has forked that are alive just now.
    """
    used = {}
    for process in family(psutil.Process().pid):
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            kilobytes = re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
            used[process.pid, process.create_time()] = int(kilobytes[1]) * 1024 if kilobytes else 0
    return used


def test_500_submissions_take_no_more_memory_than_100(course):
    for number in range(LEARNERS):
        hand_in(course, f"learner{number:03}", DOUBLE)
    used = []
    with warming_up(course, LESSON, "full") as server:
        run_many = on_this_machine(course, LESSON, server, workers=2)
        for number, outcome in enumerate(grade(course, LESSON, run_many=run_many), 1):
            assert "Crashed" not in outcome.note
            if number in (FIRST, LEARNERS - 1):  # the last one may come after its worker has gone
                used.append(memory())

    at_first, at_last = used
    stayed = at_first.keys() & at_last.keys()  # not the submissions that ran at one of the moments
    assert len(stayed) >= PROCESSES
    growth = {pid: at_last[pid] - at_first[pid] for pid in stayed}
    assert sum(growth.values()) < GROWTH, growth
    assert {row.total for row in rows(course, LESSON)} == {2.0}
    assert len(rows(course, LESSON)) == LEARNERS
