"""Collating, held against torch's pad_sequence."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import pad_sequence

from gradus.collate import collate


@pytest.mark.parametrize(
    ("side", "ids", "mask"),
    [
        ("right", [[5, 6, 7], [8, 9, 9]], [[1, 1, 1], [1, 0, 0]]),
        ("left", [[5, 6, 7], [9, 9, 8]], [[1, 1, 1], [0, 0, 1]]),
    ],
)
def test_by_hand(side, ids, mask):
    got = collate([[5, 6, 7], [8]], 9, side)

    assert torch.equal(got[0], torch.tensor(ids))
    assert torch.equal(got[1], torch.tensor(mask, dtype=torch.bool))


texts = st.lists(st.lists(st.integers(0, 50), max_size=8), min_size=1, max_size=5)


@given(texts, st.integers(-1, 50), st.sampled_from(["left", "right"]), st.integers(1, 9))
def test_padding_is_that_of_torch(batch, pad_id, side, max_len):
    kept = [torch.tensor(text[:max_len], dtype=torch.long) for text in batch]
    ones = [torch.ones_like(text) for text in kept]

    ids, mask = collate(batch, pad_id, side, max_len)

    assert torch.equal(ids, pad_sequence(kept, True, pad_id, side))
    assert torch.equal(mask, pad_sequence(ones, True, 0, side).bool())
    assert ids.dtype == torch.int64


def test_a_real_id_may_be_that_of_the_padding():
    ids, mask = collate([[9, 9], [9]], 9)

    assert torch.equal(mask, torch.tensor([[True, True], [True, False]]))
    assert torch.equal(ids, torch.full((2, 2), 9))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([], 0), "at least one text"),
        (([[1]], 0, "top"), '"left" or "right", not \'top\''),
        (([[1]], 0, "left", 0), "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        collate(*arguments)
