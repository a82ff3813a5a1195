"""nbgrader's own `autograde` and formgrader's button, with the engine in Execute's place."""

import sys

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.grading import job
from autograder.grading.engine.bubblewrap import NoIsolation
from autograder.grading.gradebook import rows
from autograder.grading.results import results
from autograder.notebooks.config import nbgrader_config

LESSON = "04_attention"
SPLIT = """
def split_heads(x, heads):
    if x.shape[-1] % heads:
        raise ValueError("no")
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)
"""
# From inside a plain kernel, this would reach the examiner and give full points.
CHEAT = "import autograder.examiner"
DIES = "import os; os._exit(3)"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    # nbgrader's own, whenever it adds a submission.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


@pytest.fixture
def configured(course):
    config = nbgrader_config(course)
    config.CourseDirectory.assignment_id = LESSON
    return config


def autograde(config):
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()


def points(root):
    return {row.learner: row.points for row in rows(root, LESSON)}


@pytest.mark.sandbox
def test_autograde_runs_in_the_sandbox_and_salvages(course, submit, configured):
    submit("ada", split_heads=SPLIT)
    submit("bob", causal_mask=DIES, split_heads=SPLIT)
    submit("eve", causal_mask=CHEAT, double="def double(x): return 2 * x")

    autograde(configured)

    found = points(course)
    assert found["ada"]["check-split_heads"] == found["bob"]["check-split_heads"] > 0
    assert found["bob"]["check-causal_mask"] == found["eve"]["check-causal_mask"] == 0
    assert found["eve"]["tests-double"] == 2
    notes = {learner.name: learner.note for learner in results(course, LESSON).learners}
    assert "Crashed" in notes["bob"]
    assert "Crashed" not in notes["ada"]
    assert "Checked inside: tests-double" in notes["ada"]


@pytest.mark.sandbox
def test_changed_tests_are_put_back_and_noted(course, submit, configured):
    submit("eve", **{"check-split_heads": "6.5"})

    autograde(configured)

    assert points(course)["eve"]["check-split_heads"] == 0
    [learner] = results(course, LESSON).learners
    assert "The test check-split_heads had been changed" in learner.note


@pytest.mark.sandbox
def test_an_answer_reads_the_lessons_files(course, submit, configured):
    (course / "course" / LESSON / "data.csv").write_text("2")
    reads = "def double(x): return int(open('data.csv').read()) * x"
    (submit("ada", double=reads).parent / "data.csv").write_text("3")

    autograde(configured)

    assert points(course)["ada"]["tests-double"] == 2


@pytest.mark.sandbox
def test_formgraders_button_does_the_same(course, submit, configured):
    submit("ada", split_heads=SPLIT)
    interface = NbGraderAPI(CourseDirectory(config=configured), config=configured)

    answer = interface.autograde(LESSON, "ada")

    assert answer["success"], answer
    assert points(course)["ada"]["check-split_heads"] > 0


@pytest.mark.slow
def test_plain_kernels_when_asked_and_the_note_says_so(course, submit, configured):
    submit("ada", split_heads=SPLIT)
    configured.WarmExecute.cold = True

    autograde(configured)

    assert points(course)["ada"]["check-split_heads"] > 0
    assert "Not isolated" in results(course, LESSON).learners[0].note


def test_without_a_sandbox_nothing_is_run_and_the_way_on_is_told(
    course, submit, configured, monkeypatch, caplog
):
    submit("ada", split_heads=SPLIT)

    def cannot(*_, **__):
        raise NoIsolation("bubblewrap is missing.", "Get it.")

    monkeypatch.setattr(job, "Engine", cannot)
    monkeypatch.setattr(job, "_engines", {})
    with pytest.raises(Exception, match="error log|traceback"):
        autograde(configured)
    assert "--WarmExecute.isolation=none" in caplog.text
    assert not (course / "build" / "autograded" / "ada" / LESSON).exists()
