"""cosine_lr: its corners, and what lies between them."""

import math

import pytest

from gradus.schedule import cosine_lr


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 0.0), (5, 1.0), (10, 2.0), (30, 1.1), (50, 0.2), (51, 0.2), (999, 0.2)]
)
def test_corners_by_hand(step, rate):
    assert cosine_lr(step, 2.0, 10, 50, 0.2) == pytest.approx(rate)


def test_it_is_torchs_cosine_between_warm_up_and_end():
    for step in range(10, 50):
        expected = 0.2 + 1.8 * (1 + math.cos(math.pi * (step - 10) / 40)) / 2
        assert cosine_lr(step, 2.0, 10, 50, 0.2) == pytest.approx(expected)


def test_no_warm_up_and_nothing_but_warm_up():
    assert cosine_lr(0, 2.0, 0, 50) == 2.0
    assert cosine_lr(4, 2.0, 5, 5) == pytest.approx(1.6)
    assert cosine_lr(5, 2.0, 5, 5, 0.1) == 0.1


def test_a_warm_up_longer_than_all_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        cosine_lr(0, 1.0, 6, 5)
