"""A submission in the engine, examined from outside: what it earns, and what is told of it."""

import sys
from collections.abc import Iterator

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.marks import marks_of
from autograder.grading.warm import Engine, built_layers, without_demonstrations
from autograder.verdict import MIME

LESSON = "04_attention"
SETUP = "import torch\nfrom autograder.check import check"
RIGHT = """
def split_heads(x, heads):
    if x.shape[-1] % heads:
        raise ValueError("no")
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)
"""
MERGE = """
def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    if sys.platform != "linux":
        pytest.skip("only Linux can isolate")
    warm = Engine(LESSON, seed=5)
    yield warm
    warm.close()


def answer(name, source):
    words = {"schema_version": 3, "grade_id": name, "solution": True, "grade": False}
    return new_code_cell(source, metadata={"nbgrader": words | {"locked": False, "task": False}})


def graded(name, source, points):
    words = {"schema_version": 3, "grade_id": name, "solution": False, "grade": True}
    words |= {"locked": True, "task": False, "points": points, "cell_type": "code"}
    return new_code_cell(source, metadata={"nbgrader": words})


def submission(split=RIGHT, *others):
    cells = [new_code_cell(SETUP), answer("split_heads", split)]
    cells += [graded("check-split_heads", "check(split_heads)", 6.5), *others]
    cells += [answer("merge_heads", MERGE), graded("check-merge_heads", "check(merge_heads)", 6)]
    return new_notebook(cells=cells)


def points(ran):
    return {mark.grade_id: mark.points for mark in marks_of(ran.notebook)}


def test_right_answers_earn_their_points(engine):
    ran = engine.run(submission())

    assert points(ran) == {"check-split_heads": 6.5, "check-merge_heads": 6}
    assert ran.flags == []


@pytest.mark.parametrize(
    "cheat",
    [
        "import autograder.check\nautograder.check.check = lambda x: 6.5",
        "check = lambda x: 6.5",
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['6.5'])",
        "from autograder.verdict import Verdict\nVerdict.points = property(lambda self: 6.5)",
        "from autograder import wire\nwire._connection = None",
        "import autograder.answering\nautograder.answering.observe = lambda *a: None",
    ],
)
def test_forged_points_earn_nothing_and_honest_work_keeps_its_own(engine, cheat):
    wrong = f"{cheat}\n\ndef split_heads(x, heads):\n    return x"

    assert points(engine.run(submission(wrong)))["check-split_heads"] < 6.5


def test_the_layers_to_be_built_are_out_of_sight(engine):
    stolen = "from gradus.heads import split_heads"
    ran = engine.run(submission(stolen))

    assert points(ran) == {"check-split_heads": 0, "check-merge_heads": 6}
    assert {path.name for path in built_layers(LESSON)} >= {"heads.py", "attention.py", "mask.py"}


def test_a_cell_that_kills_its_process_costs_itself_alone(engine):
    ran = engine.run(submission(RIGHT, new_code_cell("import os\nos._exit(1)")))

    assert points(ran) == {"check-split_heads": 6.5, "check-merge_heads": 6}
    assert any(flag.startswith("Crashed") for flag in ran.flags)


def test_an_exercise_is_sat_once(engine):
    again = answer("again", RIGHT)
    ran = engine.run(
        submission(
            "def split_heads(x, heads):\n    return x", again, new_code_cell("check(split_heads)")
        )
    )

    assert points(ran)["check-split_heads"] < 6.5


def test_an_instructors_own_tests_count_and_are_said_to_run_inside(engine):
    own = graded("tests-own", "assert 1 + 1 == 2", 2)
    ran = engine.run(submission(RIGHT, own))

    assert points(ran)["tests-own"] == 2
    assert ran.flags == ["Checked inside: tests-own."]


def test_hidden_inputs_and_the_reference_are_not_in_what_comes_back(engine):
    ran = engine.run(submission("def split_heads(x, heads):\n    return x"))
    [output] = ran.notebook.cells[2].outputs

    assert set(output.data) == {"text/plain", "text/html", MIME}
    hidden = [case for case in output.data[MIME]["cases"] if case["hidden"]]
    assert all("not shown" in case["message"] for case in hidden)


def test_demonstrations_are_not_run():
    demo = new_code_cell("1 / 0", metadata={"tags": ["demo"]})
    tagged = graded("check-x", "check(x)", 1)
    tagged.metadata["tags"] = ["demo"]
    kept = without_demonstrations(new_notebook(cells=[demo, tagged]))

    assert [cell.cell_type for cell in kept.cells] == ["markdown", "code"]
