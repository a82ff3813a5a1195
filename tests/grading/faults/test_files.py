"""Archives, too many files and odd names beside a notebook (case B40); a lesson's own files."""

import os
import sys
import zipfile

import pytest

from autograder.grading import beside
from autograder.grading.grade import grade
from autograder.grading.gradebook import rows
from tests.grading.faults.conftest import LESSON
from tests.grading.faults.test_gradebook import run

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
READS = "def double(x):\n    return float(open('data.csv').read()) * x"
IMPORTS = "from helper import twice\ndef double(x):\n    return twice(x)"


def note(course):
    [outcome] = grade(course, LESSON, run=run)
    assert [row.total for row in rows(course, LESSON)] == [2.0]
    return outcome.note


def test_40_an_archive_is_copied_and_never_unpacked(course, submit):
    folder = submit("ada").parent
    with zipfile.ZipFile(folder / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escaped.txt", "x")
        archive.writestr("/tmp/escaped.txt", "x")
        archive.writestr("bomb", bytes(50 * 2**20))

    assert note(course) == ""
    assert not list(course.rglob("escaped.txt"))
    assert not list(course.rglob("bomb"))
    assert sum(p.stat().st_size for p in (course / "build/autograded").rglob("*.zip")) < 10**6


def test_40_an_archive_in_the_notebooks_place_is_refused_in_words(course, submit):
    path = submit("ada")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../x.ipynb", "{}")

    [outcome] = grade(course, LESSON, run=run)

    assert "is not a notebook" in outcome.note


def test_40_too_many_files_are_left_out_with_a_note(course, submit, monkeypatch):
    monkeypatch.setattr(beside, "MOST_FILES", 20)
    folder = submit("ada").parent
    for number in range(50):
        (folder / f"{number}.txt").touch()

    assert note(course) == "Files were left out: 30, over the limit of 20 files and 100 MiB."


def test_40_a_huge_file_is_left_out_unread(course, submit):
    folder = submit("ada").parent
    with open(folder / "huge.bin", "wb") as file:
        file.truncate(2**40)

    assert note(course).startswith("Files were left out: 1, over")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_no_text_costs_nothing(course, submit):
    folder = submit("ada").parent
    with open(os.fsencode(folder) + b"/\xff.txt", "wb"):
        pass

    assert note(course) == ""


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate")
def test_an_answer_reads_the_lessons_file_and_a_new_one_is_graded_again(course, submit, start):
    (course / "course" / LESSON / "data.csv").write_text("2")
    (submit("ada", READS).parent / "data.csv").write_text("3")
    (submit("ben", IMPORTS).parent / "helper.py").write_text("twice = lambda x: 2 * x")

    said, _ = start(course).communicate(timeout=180)

    assert {row.learner: row.total for row in rows(course, LESSON)} == {"ada": 2, "ben": 2}, said

    (course / "course" / LESSON / "data.csv").write_text("5")
    said, _ = start(course).communicate(timeout=180)

    assert {row.learner: row.total for row in rows(course, LESSON)} == {"ada": 0, "ben": 2}, said
