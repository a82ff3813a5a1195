"""Span corruption: exact numbers, uniform places, and nothing lost on the way."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator

from gradus.span_corruption import span_corrupt, span_noise_mask


def spans(mask):
    """(start, length) of each run of True."""
    edges = torch.cat([torch.zeros(1), mask.float(), torch.zeros(1)]).diff()
    starts, ends = (edges == 1).nonzero().flatten(), (edges == -1).nonzero().flatten()
    return list(zip(starts.tolist(), (ends - starts).tolist(), strict=True))


def restored(inputs, targets, sentinel, end):
    """The text again, from inputs and targets alone."""
    assert (inputs[-1], targets[-1]) == (end, end)
    hidden, number = {}, None
    for token in targets[:-1].tolist():
        if sentinel - 110 < token <= sentinel:
            assert token == (sentinel if number is None else number - 1)
            number = token
            hidden[number] = []
        else:
            hidden[number].append(token)
    assert hidden.pop(number) == []  # what closes the last span
    text = []
    for token in inputs[:-1].tolist():
        text += hidden.pop(token) if token in hidden else [token]
    assert not hidden
    return text


def test_the_example_of_the_paper():
    # Thank you for inviting me to your party last week: "for inviting" and "last" are hidden.
    ids = torch.arange(1, 11)
    mask = torch.tensor([0, 0, 1, 1, 0, 0, 0, 0, 1, 0]).bool()
    inputs, targets = span_corrupt(ids, mask, 99, 0)
    assert inputs.tolist() == [1, 2, 99, 5, 6, 7, 8, 98, 10, 0]
    assert targets.tolist() == [99, 3, 4, 98, 9, 97, 0]


@pytest.mark.parametrize(
    ("length", "density", "mean", "hidden", "count"),
    [
        (32, 0.25, 2.0, 8, 4),  # the case in the published code's own test
        (568, 0.15, 3.0, 85, 28),
        (10, 0.15, 3.0, 2, 1),
        (30, 0.15, 3.0, 4, 1),  # 4.5 and 1.33
        (50, 0.15, 3.0, 8, 3),  # 7.5 and 2.67
        (2, 0.15, 3.0, 1, 1),
        (2, 0.9, 3.0, 1, 1),
        (5, 0.99, 1.0, 4, 1),  # four hidden tokens cannot be kept apart by one
        (6, 0.01, 3.0, 1, 1),
        (8, 0.5, 0.1, 4, 4),
    ],
)
def test_the_numbers_are_exact(length, density, mean, hidden, count, rng):
    for _ in range(20):
        mask = span_noise_mask(length, density, mean, rng)
        assert mask.shape == (length,)
        assert (mask.sum(), len(spans(mask))) == (hidden, count)
        assert (mask[0], mask[-1]) == (False, True)


def test_the_sizes_of_t5():
    """512 tokens of input, end included, come from 568; their targets take 114."""
    mask = span_noise_mask(568)
    inputs, targets = span_corrupt(torch.arange(568), mask, 32099, 1)
    assert len(inputs) == 512
    assert len(targets) == 114 + 1  # the published code has no closing sentinel


def test_every_way_of_cutting_is_as_likely(rng):
    """10 tokens, 4 hidden in 2 spans: 3 ways to cut them, 5 to cut the rest. Alpha 1e-9."""
    from autograder.chance import goodness_of_fit

    bits = 2 ** torch.arange(10)
    codes = torch.stack([(span_noise_mask(10, 0.4, 2.0, rng) * bits).sum() for _ in range(3000)])
    found, counts = codes.unique(return_counts=True)
    assert len(found) == 15
    assert goodness_of_fit(counts, torch.ones(15)) > 1e-9


def test_the_generator_decides():
    one, again, other = (
        span_noise_mask(200, generator=Generator().manual_seed(s)) for s in (1, 1, 2)
    )
    assert one.equal(again)
    assert not one.equal(other)
    state = torch.get_rng_state()
    span_noise_mask(200, generator=Generator().manual_seed(1))
    assert state.equal(torch.get_rng_state())


def test_a_mask_that_cannot_be_is_refused():
    for length, density in ((1, 0.5), (0, 0.5), (9, 0.0), (9, 1.0), (9, -0.1)):
        with pytest.raises(ValueError, match="length=|density="):
            span_noise_mask(length, density)


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=30))
def test_nothing_is_lost(pairs):
    ids = torch.tensor([token for token, _ in pairs], dtype=torch.long)
    mask = torch.tensor([hidden for _, hidden in pairs], dtype=torch.bool)
    inputs, targets = span_corrupt(ids, mask, 999, 0)
    assert restored(inputs, targets, 999, 0) == ids.tolist()
    assert len(inputs) + len(targets) == len(ids) + 2 * len(spans(mask)) + 3


def test_what_cannot_be_told_apart_is_refused():
    hidden = torch.tensor([True, False, True])
    for ids in ([1, 2, 99], [1, 98, 3], [97, 1, 2]):
        with pytest.raises(ValueError, match="97 to 99"):
            span_corrupt(torch.tensor(ids), hidden, 99, 0)
    span_corrupt(torch.tensor([1, 2, 96]), hidden, 99, 0)


def test_results_live_where_the_text_lives(device):
    ids = torch.arange(6, device=device)
    inputs, targets = span_corrupt(ids, span_noise_mask(6).to(device), 99, 0)
    assert inputs.device == targets.device == ids.device
