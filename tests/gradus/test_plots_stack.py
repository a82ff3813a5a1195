"""Stacks: pieces lie one behind the other, in one unit, and the words say what the picture says."""

import pytest

from gradus.plots.stack import amount, stack


def test_pieces_lie_one_behind_the_other():
    parts = {"weights": [14, 2], "optimizer": [84, 0.5]}
    picture = stack(["large", "small"], parts, "GB", "Two models", {"a card": 24})
    (axes,) = picture.figure.axes

    places = [[(bar.get_x(), bar.get_width()) for bar in bars] for bars in axes.containers]
    assert places == [[(0, 14), (0, 2)], [(14, 84), (2, 0.5)]]
    assert "large: 98 = weights 14 + optimizer 84; small: 2.5 = weights 2" in picture.alt
    assert picture.alt.endswith("a card: 24.")
    assert picture.png().startswith(b"\x89PNG")


def test_the_axis_can_be_fixed():
    (axes,) = stack(["one"], {"a": [3]}, "GB", longest=100).figure.axes
    assert axes.get_xlim() == pytest.approx((0, 100))


def test_amounts_have_three_figures_and_no_exponent():
    assert [amount(n) for n in (0, 0.1234, 7.55, 99.9, 1110.4, 26_954)] == [
        "0", "0.123", "7.55", "99.9", "1,110", "26,954",
    ]  # fmt: skip
