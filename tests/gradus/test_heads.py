"""Heads: slices of the width, laid side by side again, and shared by neighbours."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradus.heads import merge_heads, repeat_kv, split_heads

few = st.integers(1, 5)


def test_each_head_is_its_own_slice_of_the_width(randn):
    x = randn(2, 5, 12)

    heads = split_heads(x, 3)

    assert heads.shape == (2, 3, 5, 4)
    for head in range(3):
        assert torch.equal(x[:, :, 4 * head : 4 * head + 4], heads[:, head])


def test_merging_lays_the_heads_side_by_side(randn):
    x = randn(2, 3, 5, 4)

    assert torch.equal(torch.cat(list(x.unbind(dim=1)), dim=-1), merge_heads(x))


@given(batch=few, seq=few, heads=few, d_head=few)
def test_merging_undoes_splitting(batch, seq, heads, d_head):
    x = torch.arange(batch * seq * heads * d_head).view(batch, seq, heads * d_head).float()

    assert torch.equal(x, merge_heads(split_heads(x, heads)))


def test_strided_input_is_split_and_merged_like_any_other(randn):
    strided = randn(5, 2, 12).transpose(0, 1)

    assert torch.equal(split_heads(strided.contiguous(), 3), split_heads(strided, 3))
    assert torch.equal(strided, merge_heads(split_heads(strided, 3)))


def test_one_head_is_the_whole_width(randn):
    x = randn(2, 5, 7)

    assert torch.equal(x, split_heads(x, 1)[:, 0])


def test_a_width_that_does_not_divide_is_refused_with_both_numbers(randn):
    with pytest.raises(ValueError, match="a width of 10 does not divide evenly into 3 heads"):
        split_heads(randn(2, 5, 10), 3)


def test_neighbouring_query_heads_share_a_key_head(randn):
    x = randn(2, 2, 5, 4)

    repeated = repeat_kv(x, 3)

    assert repeated.shape == (2, 6, 5, 4)
    for head in range(6):
        assert torch.equal(x[:, head // 3], repeated[:, head])


def test_repeating_is_what_torch_calls_repeat_interleave(randn):
    x = randn(2, 3, 5, 4)

    assert torch.equal(x.repeat_interleave(4, dim=1), repeat_kv(x, 4))


def test_a_group_of_one_changes_nothing(randn):
    x = randn(2, 3, 5, 4)

    assert torch.equal(x, repeat_kv(x, 1))


def test_a_shared_head_gathers_the_gradients_of_all_who_share_it(randn):
    x, weight = randn(2, 2, 5, 4), randn(2, 6, 5, 4)

    (repeat_kv(x, 3) * weight).sum().backward()

    torch.testing.assert_close(x.grad, weight.detach().view(2, 2, 3, 5, 4).sum(dim=2))
