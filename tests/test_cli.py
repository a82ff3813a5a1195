"""The commands as people type them; what they call has tests of its own."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading import alone, validate
from autograder.grading.marks import Mark
from autograder.grading.validate import COUNTS, Proof
from autograder.notebooks.lab import lab_command
from autograder.notebooks.root import existing, find_root
from autograder.notebooks.source import LessonError
from autograder.validation import Counts

LESSON = "04_attention"
COMMANDS = ("build", "lab", "check", "fetch", "plan", "sample", "grade", "report", "validate")


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def one_line(result) -> str:
    """The message of a command that could not do it: one line, exit code 2."""
    assert result.exit_code == 2, result.output
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("gradus: ")
    return line


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course that is not built."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / f"{LESSON}.py").write_text("# %% [markdown]\n# # A\n# 5 minutes\n")
    return tmp_path


def test_help_lists_the_commands_and_says_what_exit_codes_mean():
    said = run("--help").output

    assert all(re.search(rf"^ +{command} ", said, re.MULTILINE) for command in COMMANDS)
    assert "Exit codes: 0 all is well; 1 " in said


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_how_it_is_typed(command):
    said = run(command, "--help").output

    assert re.search(rf"^ +gradus {command}", said, re.MULTILINE)


@pytest.mark.parametrize("command", ["sample", "grade", "report", "validate", "build"])
def test_an_unknown_lesson_is_told_with_the_nearest(course, command):
    said = one_line(run(command, "04_atention", "--root", course))

    assert "there is no lesson 04_atention. Did you mean 04_attention?" in said


@pytest.mark.parametrize("command", ["sample", "grade", "report"])
def test_a_lesson_that_is_not_built_is_told(course, command):
    assert "gradus build" in one_line(run(command, LESSON, "--root", course))


def test_a_folder_without_a_course_is_told(tmp_path):
    assert "is not a course" in one_line(run("build", "--root", tmp_path))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "There is no notebook"),
        ('{"cells": [', "cut off or damaged"),
        ("", "it is empty"),
        (nbformat.writes(nbformat.v4.new_notebook()), "has no graded cells"),
    ],
)
def test_check_says_in_one_line_what_is_wrong_with_a_file(tmp_path, data, says):
    path = tmp_path / "04_attention.ipynb"
    if data is not None:
        path.write_text(data)

    assert says in one_line(run("check", path))


def test_check_finds_the_file_that_was_meant(tmp_path):
    (tmp_path / "04_attention.ipynb").write_text("{}")

    assert "Did you mean" in one_line(run("check", tmp_path / "04_atention.ipynb"))


@pytest.mark.parametrize(("points", "code"), [(5.0, 0), (2.0, 1), (None, 1)])
def test_check_exits_with_0_for_all_points_only(monkeypatch, points, code):
    marks = [Mark("check-attend", points, 5.0)]
    monkeypatch.setattr(alone, "check_notebook", lambda path: (marks, "A note."))

    result = run("check", "a.ipynb")

    assert result.exit_code == code
    assert "attend" in result.output
    assert "A note." in result.output


def proof(**fields) -> Proof:
    return Proof(Counts(exercises=2, mistakes=10, mistakes_recognised=9), 5, 5, 0, 1.5, **fields)


@pytest.mark.parametrize(
    ("problems", "stale", "code"), [([], [], 0), (["a: bad"], [], 1), ([], ["course/x differs"], 1)]
)
def test_validate_tells_problems_and_ends_with_one_line_of_json(
    course, monkeypatch, problems, stale, code
):
    proofs = {LESSON: proof(problems=problems)}
    monkeypatch.setattr(validate, "validate", lambda root, lessons: (proofs, stale))

    result = run("validate", "--json", "--root", course)

    assert result.exit_code == code
    *before, last = result.stdout.strip().splitlines()
    told = json.loads(last)
    names = {*COUNTS, "solution_points", "max_points", "release_points", "seconds"}
    assert set(told["lessons"][LESSON]) == set(told["total"]) == names
    assert told["total"]["mistakes"] == 10
    assert all(any(problem in line for line in before) for problem in (*problems, *stale))
    assert run("validate", "--root", course).exit_code == code


def test_a_few_mistakes_may_be_caught_without_being_recognised_but_not_many():
    few = Counts(mistakes=20, mistakes_recognised=19, problems=["a: not recognised: b (said: c)"])
    many = Counts(mistakes=20, mistakes_recognised=10)
    missed = Counts(problems=["a: not caught: b"])

    assert list(validate.failures(few)) == []
    [told] = validate.failures(many)
    assert told == "only 10 of 20 mistakes are recognised; 85% should be"
    assert list(validate.failures(missed)) == ["a: not caught: b"]


def test_the_course_is_found_from_a_folder_inside_it(course, tmp_path_factory):
    inside = course / "course" / LESSON
    inside.mkdir(parents=True)

    assert find_root(start=inside) == course.resolve()
    with pytest.raises(LessonError, match="is not a course"):
        find_root(inside)


def test_lessons_default_to_all_and_a_part_of_a_name_is_a_hint(course):
    assert existing(course, []) == [LESSON]
    with pytest.raises(LessonError, match="Did you mean 04_attention"):
        existing(course, ["attention"])
    with pytest.raises(LessonError, match="There is: 04_attention"):
        existing(course, ["zzz"])


def test_lab_shows_learners_the_course_and_instructors_everything(tmp_path):
    learner, environment = lab_command(tmp_path)
    instructor, _ = lab_command(tmp_path, instructor=True)

    assert f"--ServerApp.root_dir={tmp_path / 'course'}" in learner
    assert f"--ServerApp.root_dir={tmp_path}" in instructor
    config = Path(environment["JUPYTER_CONFIG_PATH"].split(":")[0])
    assert (config / "nbgrader_config.py").exists()
