"""inspect.getmodule answers as ever, only sooner where a cell is asked about."""

import inspect
import sys

import pytest

from autograder.grading.engine.tracebacks import know_cells

CELL = "/tmp/ipykernel_1/2.py"


@pytest.fixture
def raised(monkeypatch):
    """A traceback through a cell, a file that no module is made of, and this module."""
    monkeypatch.setattr(inspect, "getmodule", inspect.getmodule)
    places: dict = {"back": lambda: 1 / 0}
    exec(compile("def f():\n    back()", CELL, "exec"), places)
    exec(compile("def g():\n    f()", "<string>", "exec"), places)
    try:
        places["g"]()
    except ZeroDivisionError:
        return sys.exc_info()[2]


def things(traceback):
    while traceback:
        frame = traceback.tb_frame
        yield from (traceback, frame, frame.f_code)
        traceback = traceback.tb_next
    yield from (inspect, things, str, len, pytest.fixture)


def test_the_answers_are_those_of_the_library(raised):
    before = [inspect.getmodule(thing) for thing in things(raised)]

    know_cells({CELL})

    assert [inspect.getmodule(thing) for thing in things(raised)] == before
    assert inspect in before
    assert None in before


def test_a_cell_is_known_without_a_search(raised, monkeypatch):
    asked = []
    monkeypatch.setattr(inspect, "getmodule", lambda thing, name=None: asked.append(thing))
    know_cells({CELL})

    for thing in things(raised):
        inspect.getmodule(thing)

    cell = raised.tb_next.tb_next
    assert cell.tb_frame.f_code.co_filename == CELL
    assert asked
    assert not {cell, cell.tb_frame, cell.tb_frame.f_code} & set(asked)
