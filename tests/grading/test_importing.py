"""Importing looks for no garbage, and puts what it leaves behind out of reach."""

import gc

import pytest

from autograder.grading.importing import importing


@pytest.fixture(autouse=True)
def thaw():
    yield
    gc.unfreeze()


def test_no_garbage_is_looked_for_inside_and_what_is_left_is_out_of_reach():
    with importing():
        inside = gc.isenabled()
        kept = [{} for _ in range(1000)]

    assert not inside
    assert gc.isenabled()
    assert gc.get_freeze_count() >= len(kept)


def test_it_is_looked_for_again_after_an_error():
    with pytest.raises(ImportError), importing():
        raise ImportError

    assert gc.isenabled()
