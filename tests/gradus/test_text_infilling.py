"""Text infilling: one mask a span, the whole text as the target, and fair spans."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator

from autograder.chance import goodness_of_fit
from gradus.text_infilling import draw_spans, text_infilling


def test_spans_of_two_one_and_no_tokens():
    ids = torch.arange(1, 9)
    inputs, targets = text_infilling(ids, [(1, 2), (4, 0), (5, 1), (8, 0)], 99)
    assert inputs.tolist() == [1, 99, 4, 99, 5, 99, 7, 8, 99]
    assert targets.equal(ids)
    assert targets.data_ptr() != ids.data_ptr()


def test_nothing_and_everything():
    ids = torch.arange(3)
    assert text_infilling(ids, [], 9)[0].tolist() == [0, 1, 2]
    assert text_infilling(ids, [(0, 3)], 9)[0].tolist() == [9]
    assert text_infilling(ids[:0], [(0, 0)], 9)[0].tolist() == [9]


def test_touching_spans_get_a_mask_each():
    assert text_infilling(torch.arange(5), [(1, 2), (3, 1)], 9)[0].tolist() == [0, 9, 9, 4]


@pytest.mark.parametrize(
    "spans", [[(2, 2), (3, 1)], [(3, 1), (0, 1)], [(4, 2)], [(6, 0)], [(0, -1)], [(-1, 1)]]
)
def test_spans_that_cannot_be_are_refused(spans):
    with pytest.raises(ValueError, match="must begin"):
        text_infilling(torch.arange(5), spans, 9)


@given(st.integers(0, 60), st.floats(0, 1), st.floats(0.5, 6), st.integers(0, 10**6))
def test_drawn_spans_fit_and_hide_the_share(length, density, mean, seed):
    spans = draw_spans(length, density, mean, Generator().manual_seed(seed))
    inputs, _ = text_infilling(torch.arange(length), spans, -1)
    assert (inputs >= 0).sum() == length - round(length * density)
    assert (inputs < 0).sum() == len(spans)


def test_lengths_are_those_of_poisson(rng):
    """One long text, in which only one span is shortened; alpha 1e-9."""
    lengths = torch.tensor([n for _, n in draw_spans(200_000, 0.3, 3.0, rng)])
    counts = torch.bincount(lengths, minlength=20)
    expected = torch.distributions.Poisson(3.0).log_prob(torch.arange(len(counts))).exp()
    assert goodness_of_fit(counts, expected) > 1e-9


def test_no_direction_is_preferred(rng):
    """20 tokens, 6 hidden: places as far from either end are hidden as often; alpha 1e-9."""
    hidden = torch.zeros(20)
    for _ in range(3000):
        for start, length in draw_spans(20, generator=rng):
            hidden[start : start + length] += 1
    assert hidden.sum() == 3000 * 6
    # The difference of two shares of 3000 has a standard deviation of at most 0.013.
    assert ((hidden - hidden.flip(0)) / 3000).abs().max() < 0.085
    assert (hidden[4:16] / 3000 - 0.33).abs().max() < 0.085


def test_the_generator_decides():
    one, again, other = (draw_spans(90, generator=Generator().manual_seed(s)) for s in (1, 1, 2))
    assert one == again != other
