"""Tests that learners write earn by telling right from wrong, not by being loud or quiet."""

import pytest

from autograder.exercises.project import EXERCISES
from autograder.rehearsal import sit

CHECKS = [exercise for exercise in EXERCISES if exercise.name.startswith("check_")]


def accuses_everybody(accused):
    raise AssertionError("guilty")


def believes_everybody(accused):
    pass


def looks_at_the_name(accused):
    import inspect

    told = (accused.__name__, accused.__doc__, str(inspect.signature(accused)))
    assert "softmax" not in inspect.getsource(accused), told


def leaves(accused):
    raise SystemExit


@pytest.mark.parametrize("exercise", CHECKS, ids=lambda exercise: exercise.name)
@pytest.mark.parametrize(
    "answer", [accuses_everybody, believes_everybody, looks_at_the_name, leaves]
)
def test_whoever_does_not_look_earns_next_to_nothing(exercise, answer):
    verdict = sit(exercise, answer)

    assert verdict.points <= 0.5  # for leaving the random generator alone
    assert not verdict.passed


def test_an_accused_innocent_is_described_and_the_guilty_are_counted():
    [exercise] = [one for one in CHECKS if one.name == "check_attend"]
    loud, quiet = sit(exercise, accuses_everybody).text(), sit(exercise, believes_everybody).text()

    assert "It accuses a right implementation, one that computes in float64" in loud
    assert "guilty" in loud
    assert "It lets all 3 wrong implementations pass" in quiet
    assert "It lets a wrong implementation pass" in quiet
