"""Differences are found exactly when they matter, and said in words."""

import math

import pytest
import torch

from autograder.compare import difference
from autograder.words import Words

WORDS = Words("f", ("x",), (("batch", "query"), ("batch",)), ("the output", "the weights"))
SINGLE = Words("f", ("x",), (("batch", "query"),))
X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_rounding_is_no_difference():
    assert difference(X + 1e-6, X, SINGLE) is None
    assert difference(X.double() * (1 + 1e-12), X.double(), SINGLE) is None


def test_the_first_difference_is_placed_by_the_names_of_the_axes():
    got = X.clone()
    got[1, 0] = 9

    text = difference(got, X, SINGLE)

    assert text == "At batch 1, query 0: expected 4, got 9. 1 of 6 numbers differ."


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e4])
def test_a_slip_of_a_thousandth_is_seen_at_any_scale(scale):
    assert difference(X * scale * 1.001, X * scale, SINGLE) is not None


def test_shapes_say_their_axes():
    text = difference(X.T, X, SINGLE)

    assert text is not None
    assert "should be (batch 2, query 3); it is (3, 2)" in text
    assert "right sizes in another order" in text


def test_dtypes_differ():
    assert difference(X.double(), X, SINGLE) == "The dtype should be float32; it is float64."


def test_infinities_and_nans_are_values():
    inf = torch.tensor([[math.inf, -math.inf, math.nan]])

    assert difference(inf.clone(), inf, SINGLE) is None
    assert "got nan" in str(difference(torch.full((1, 3), math.nan), inf, SINGLE))


def test_a_part_of_a_pair_is_named():
    text = difference((X, torch.ones(2)), (X, torch.zeros(2)), WORDS)

    assert text is not None
    assert text.startswith("At batch 0 of the weights: expected 0, got 1.")


def test_one_thing_instead_of_two_is_said():
    text = difference(X, (X, X), WORDS)

    assert text is not None
    assert text.startswith("It should return a tuple of 2 (the output, the weights)")


def test_integers_are_exact_and_booleans_no_numbers():
    assert difference(7, 7, SINGLE) is None
    assert difference(8, 7, SINGLE) == "Expected 7, got 8."
    assert difference(True, 1, SINGLE) == "Expected a number, got True."
    assert difference(1, True, SINGLE) == "Expected True, got 1."
    assert difference(torch.tensor(7.0), 7.0, SINGLE) is None


def test_containers_are_compared_item_by_item():
    assert difference([1, 2, 4], [1, 2, 3], SINGLE) == "Item 2: expected 3, got 4."
    assert difference([1, 2], [1, 2, 3], SINGLE) == "Expected 3 items, got 2: [1, 2]."
    assert difference({"a": 1}, {"a": 1, "b": 2}, SINGLE) == (
        "The entry 'b' is missing (1 entries, not 2)."
    )
    assert difference({"a": 1, "c": 2}, {"a": 1}, SINGLE) == (
        "There is an entry 'c' that should not be."
    )
    assert difference({(1, 2): b"x"}, {(1, 2): b"y"}, SINGLE) == (
        "Entry (1, 2): expected b'y', got b'x'."
    )
