"""Causal and padding masks: against tables by hand, torch's own causal bias, and their laws."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from gradus.attention import attend
from gradus.mask import causal_mask, combine_masks


def test_a_query_reads_the_keys_up_to_its_own_position():
    expected = torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]]).bool()

    assert torch.equal(expected, causal_mask(3))


def test_with_more_keys_than_queries_the_queries_are_the_last_positions():
    expected = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]).bool()

    assert torch.equal(expected, causal_mask(2, 5))


@given(query=st.integers(0, 9), past=st.integers(0, 9))
def test_a_mask_with_a_past_is_the_end_of_the_whole_mask(query, past):
    whole = causal_mask(query + past)

    assert torch.equal(whole[past:], causal_mask(query, query + past))


@given(query=st.integers(1, 9), past=st.integers(0, 9))
def test_query_i_reads_one_key_more_than_query_i_minus_1(query, past):
    read = causal_mask(query, query + past).sum(dim=-1)

    assert read.tolist() == list(range(past + 1, past + query + 1))


def test_the_mask_is_the_one_torch_uses_for_causal_attention(randn):
    q, k, v = randn(2, 3, 5, 4), randn(2, 3, 5, 4), randn(2, 3, 5, 6)
    expected = F.scaled_dot_product_attention(q, k, v, is_causal=True)

    output, _ = attend(q, k, v, causal_mask(5))

    torch.testing.assert_close(output, expected)


def test_fewer_keys_than_queries_are_refused_with_both_numbers():
    with pytest.raises(ValueError, match="5 queries need at least as many keys, not 3"):
        causal_mask(5, 3)


def test_masks_are_made_on_the_device_asked_for(device):
    assert causal_mask(3, device=device).device.type == device.type
    assert causal_mask(3, device="meta").device.type == "meta"


def test_both_masks_must_allow_a_reading():
    padding = torch.tensor([[1, 1, 0], [0, 1, 1]]).bool()
    first = torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 0]]).bool()
    second = torch.tensor([[0, 0, 0], [0, 1, 0], [0, 1, 1]]).bool()

    combined = combine_masks(causal_mask(3), padding)

    assert combined.shape == (2, 1, 3, 3)
    assert torch.equal(torch.stack([first, second]), combined[:, 0])


def test_the_combined_mask_says_of_each_pair_what_its_two_masks_say(rng):
    causal, padding = causal_mask(3, 5), torch.rand(4, 5, generator=rng) < 0.5

    combined = combine_masks(causal, padding)

    for batch in range(4):
        for query in range(3):
            for key in range(5):
                may = bool(causal[query, key]) and bool(padding[batch, key])
                assert combined[batch, 0, query, key] == may


def test_without_padding_the_causal_mask_stays_as_it_is():
    combined = combine_masks(causal_mask(2, 5), torch.ones(3, 5, dtype=torch.bool))

    assert torch.equal(combined, causal_mask(2, 5).expand(3, 1, 2, 5))


def test_masks_are_left_as_they_were():
    causal, padding = causal_mask(3), torch.tensor([[True, False, True]])

    combine_masks(causal, padding)

    assert torch.equal(causal, causal_mask(3))
    assert padding.tolist() == [[True, False, True]]
