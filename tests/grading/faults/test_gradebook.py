"""The gradebook is held by another process, or its disk is full: nobody loses a point for it."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from nbformat.v4 import new_output

from autograder.grading import patience
from autograder.grading.grade import grade
from autograder.grading.gradebook import rows
from autograder.grading.stopped import GradingStopped
from autograder.notebooks.gradebook import gradebook_path
from tests.grading.faults.conftest import LESSON, records

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def run(notebook, folder):
    """A stand-in for a kernel in which all tests pass."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [new_output("stream", text="done")]
    return ""


def points(course):
    return {row.learner: row.total for row in rows(course, LESSON)}


@pytest.fixture
def held(course):
    """Another connection in the middle of a write, as a database browser leaves it."""
    with closing(sqlite3.connect(gradebook_path(course), check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_held_gradebook_is_waited_for_and_said_to_be_held(course, submit, held, capsys):
    submit("ada")
    threading.Timer(7, held.rollback).start()

    [outcome] = grade(course, LESSON, run=run)

    assert outcome.note == ""
    assert points(course) == {"ada": 2.0}
    assert "the gradebook is held by " in (said := capsys.readouterr().err)
    assert "waiting, for 60 s at most" in said


def test_a_gradebook_held_too_long_stops_the_run_and_takes_nothing(
    course, submit, held, monkeypatch
):
    monkeypatch.setattr(patience, "BUSY", 0.1)
    held.rollback()
    submit("ada")
    list(grade(course, LESSON, run=run))
    submit("ben")
    held.execute("BEGIN IMMEDIATE")

    with pytest.raises(GradingStopped, match=r"held for 0\.1 s by .*What was graded is saved"):
        list(grade(course, LESSON, run=run, force=True))

    held.rollback()
    assert points(course)["ada"] == 2.0
    assert len(list(grade(course, LESSON, run=run))) == 2
    assert points(course) == {"ada": 2.0, "ben": 2.0}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel lists locks on Linux")
def test_the_process_that_holds_the_gradebook_is_named(course):
    path = gradebook_path(course)
    source = (
        f"import sqlite3\nc = sqlite3.connect({str(path)!r})\nc.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        other.stdout.readline()
        assert patience.holder(path).startswith(f"process {other.pid} (")
        other.communicate("\n")
    assert patience.holder(path) == "another process"


@pytest.mark.parametrize("fault", ["database or disk is full", "disk I/O error"])
def test_a_gradebook_that_cannot_grow_stops_the_run_before_anybody_gets_nothing(
    course, submit, fault, monkeypatch
):
    submit("ada")
    list(grade(course, LESSON, run=run))
    real = sqlite3.connect(gradebook_path(course))
    real.close()

    def fail(*_):
        raise sqlite3.OperationalError(fault)

    monkeypatch.setattr("autograder.grading.save.SaveGrades.preprocess", fail)
    with pytest.raises(GradingStopped, match=f"cannot be written: {fault}"):
        list(grade(course, LESSON, run=run, force=True))
    monkeypatch.undo()

    assert points(course) == {"ada": 2.0}
    assert [outcome.graded for outcome in grade(course, LESSON, run=run)] == [True]


def test_a_full_disk_is_told_and_the_next_run_finishes(course, submit, monkeypatch):
    submit("ada")
    submit("ben")
    real = shutil.copyfile

    def full(source, target):
        if "ben" in str(target):
            raise OSError(28, "No space left on device", str(target))
        return real(source, target)

    (course / "build" / "submitted" / "ben" / LESSON / "words.txt").write_text("hello")
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(GradingStopped, match="the disk is full: .*Free some space"):
        list(grade(course, LESSON, run=run))
    assert records(course) == {"ada"}
    monkeypatch.undo()

    assert [o.graded for o in grade(course, LESSON, run=run)] == [False, True]
    assert points(course) == {"ada": 2.0, "ben": 2.0}


def test_what_could_not_be_run_gets_a_comment_and_another_try(course, submit):
    submit("ada")

    def lost(notebooks):
        for learner, _ in notebooks:
            yield learner, None, ["Crashed: each worker that ran it died."]

    [outcome] = grade(course, LESSON, run_many=lost)

    assert outcome.note == "Crashed: each worker that ran it died."
    assert points(course) == {"ada": 0.0}
    assert [o.graded for o in grade(course, LESSON, run=run)] == [True]
    assert points(course) == {"ada": 2.0}
