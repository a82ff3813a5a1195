import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.gradebook import gradebook_path, prepare_gradebook, recorded


def test_a_new_gradebook_opens_without_any_program_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for _ in range(2):  # the second time it is there already
        prepare_gradebook(tmp_path)
    with Gradebook(nbgrader_config(tmp_path).CourseDirectory.db_url, "gradus") as gradebook:
        assert gradebook.assignments == []
    with closing(sqlite3.connect(gradebook_path(tmp_path))) as database:
        [(version,)] = database.execute("SELECT * FROM alembic_version")
    assert len(version) == 12


def test_looking_for_a_lesson_makes_no_gradebook(tmp_path: Path) -> None:
    assert recorded(tmp_path, "04_attention") == ""
    assert not list(tmp_path.iterdir())


def test_what_is_recorded_differs_between_lessons(built_once: Path) -> None:
    lessons = ("00_warmup", "04_attention", "99_none")
    assert len({recorded(built_once, lesson) for lesson in lessons}) == 3


def test_a_gradebook_that_is_held_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    prepare_gradebook(tmp_path)
    with Gradebook(nbgrader_config(tmp_path).CourseDirectory.db_url, "gradus"):
        pass  # makes the tables
    before = recorded(tmp_path, "04_attention")
    with closing(sqlite3.connect(gradebook_path(tmp_path))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            recorded(tmp_path, "04_attention")
        other.rollback()

    assert recorded(tmp_path, "04_attention") == before != ""


def test_a_gradebook_without_tables_holds_nothing(tmp_path: Path) -> None:
    prepare_gradebook(tmp_path)

    assert recorded(tmp_path, "04_attention") == ""
