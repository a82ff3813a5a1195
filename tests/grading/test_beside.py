"""What lies beside a notebook: the learner's files, and the lesson's, which win."""

import pickle
import sys
from pathlib import Path

import pytest

from autograder.grading.beside import beside, copy_beside

LESSON = "04_attention"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The lesson's folder and a learner's."""
    own, given = tmp_path / "submitted", tmp_path / "course" / LESSON
    own.mkdir()
    given.mkdir(parents=True)
    return own, given


def names(tmp_path, own):
    return {name: content.decode() for name, content in beside(tmp_path, LESSON, own).contents()}


def test_the_lessons_file_stands_in_the_place_of_a_learners_of_that_name(tmp_path, folders):
    own, given = folders
    (own / "data.csv").write_text("mine")
    (own / "more.csv").write_text("more")
    (given / "data.csv").write_text("theirs")
    (given / f"{LESSON}.ipynb").write_text("{}")

    assert names(tmp_path, own) == {"data.csv": "theirs", "more.csv": "more"}


def test_a_file_in_the_place_of_the_lessons_folder_gives_way_and_so_does_the_reverse(
    tmp_path, folders
):
    own, given = folders
    (own / "data").write_text("a file")
    (own / "words.txt").mkdir()
    (own / "words.txt" / "x").write_text("in a folder")
    (given / "data").mkdir()
    (given / "data" / "a.csv").write_text("1")
    (given / "words.txt").write_text("2")

    assert names(tmp_path, own) == {"data/a.csv": "1", "words.txt": "2"}
    copy_beside(tmp_path, LESSON, own, tmp_path / "copy")
    assert (tmp_path / "copy" / "data" / "a.csv").read_text() == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_not_followed(tmp_path, folders):
    own, _ = folders
    (own / "passwd").symlink_to("/etc/passwd")
    (own / "all").symlink_to("/etc")

    assert names(tmp_path, own) == {}


def test_what_is_in_them_travels_to_another_machine(tmp_path, folders):
    own, _ = folders
    (own / "data.csv").write_text("1")

    arrived = pickle.loads(pickle.dumps(beside(tmp_path, LESSON, own)))

    (own / "data.csv").unlink()
    assert dict(arrived.contents()) == {"data.csv": b"1"}
