"""Processes are killed in the middle of a class, and nothing is lost."""

import os
import signal
import sqlite3
import sys
import time
from contextlib import closing

import psutil
import pytest
from nbgrader.api import Gradebook

from autograder.grading.gradebook import rows
from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.gradebook import gradebook_path
from tests.grading.faults.conftest import LESSON, SLOW, family, records

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
]
CLASS = [f"learner{number}" for number in range(8)]


def wait_until(so, seconds=120):
    ends = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def points(course):
    return {row.learner: row.total for row in rows(course, LESSON)}


def whole(course):
    with closing(sqlite3.connect(gradebook_path(course))) as database:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def workers_of(process):
    """The processes below the one from which multiprocessing forks workers."""
    below = family(process.pid)[1:]
    servers = [p for p in below if "forkserver" in " ".join(p.cmdline())]
    return [p for p in servers if any(p in other.children() for other in servers)]


def test_a_killed_worker_costs_nobody_anything(course, submit, start):
    for learner in CLASS:
        submit(learner, SLOW)
    command = start(course, "--workers", "2")
    wait_until(lambda: records(course))

    workers_of(command)[0].kill()
    said, _ = command.communicate(timeout=180)

    assert command.returncode == 0, said
    assert points(course) == dict.fromkeys(CLASS, 2.0)
    assert "Crashed" not in said


def test_a_killed_command_leaves_no_process_and_the_next_one_finishes(
    course, submit, start, tmp_path
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for learner in CLASS:
        submit(learner, SLOW)
    command = start(course, "--workers", "2", TMPDIR=str(scratch))
    wait_until(lambda: len(records(course)) >= 2)
    everybody = family(command.pid)
    assert len(everybody) > 4

    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    _, alive = psutil.wait_procs(everybody, timeout=10)
    kept = records(course)
    with Gradebook(nbgrader_config(course).CourseDirectory.db_url, "gradus") as book:
        book.find_grade("tests-double", LESSON, LESSON, min(kept)).manual_score = 1.5
        book.find_comment("double", LESSON, LESSON, min(kept)).manual_comment = "By hand."
        book.db.commit()

    assert alive == []
    assert whole(course)
    assert 2 <= len(kept) < len(CLASS)

    when = {name: (course / f"build/grading/{LESSON}/{name}.json").stat().st_mtime for name in kept}
    again = start(course, "--workers", "2", TMPDIR=str(scratch))
    said, _ = again.communicate(timeout=180)
    # multiprocessing leaves the folder of its socket, torch that of its cache.
    assert not list(scratch.glob("gradus*"))

    assert again.returncode == 0, said
    assert records(course) == set(CLASS)
    for name, before in when.items():
        assert (course / f"build/grading/{LESSON}/{name}.json").stat().st_mtime == before

    forced = start(course, "--force")
    said, _ = forced.communicate(timeout=180)

    assert forced.returncode == 0, said
    assert points(course) == dict.fromkeys(CLASS, 2.0) | {min(kept): 1.5}
    with Gradebook(nbgrader_config(course).CourseDirectory.db_url, "gradus") as book:
        comment = book.find_comment("double", LESSON, LESSON, min(kept))
        assert comment.manual_comment == "By hand."
    assert whole(course)
