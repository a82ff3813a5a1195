"""T5's attention: unscaled scores, and a learned number for every distance."""

import pytest
import torch

from gradus.attention import MultiHeadAttention
from gradus.biased import biased_attend, relative_positions
from gradus.cache import KVCache
from gradus.mask import causal_mask
from gradus.t5_attention import RelativeBias, T5Attention


@pytest.fixture
def layer(randomise):
    return randomise(T5Attention(10, 6, 4, RelativeBias(6, bidirectional=False, buckets=5)))


def test_without_a_table_it_is_attention_that_was_not_scaled(randomise, randn):
    ours = randomise(T5Attention(10, 6, d_head=4))
    plain = MultiHeadAttention(10, 6, d_head=4, bias=False).double()
    plain.load_state_dict(ours.state_dict())
    with torch.no_grad():
        plain.query.weight *= 2  # sqrt(d_head)
    x, memory = randn(2, 3, 10), randn(2, 7, 10)
    mask = torch.rand(2, 1, 3, 7) < 0.7

    torch.testing.assert_close(ours(x, memory, mask=mask), plain(x, memory, mask=mask))


def test_a_table_holds_a_number_for_each_head_and_bucket():
    table = RelativeBias(3, bidirectional=True, buckets=6, max_distance=9)
    bias = table(4)

    assert bias.shape == (3, 4, 4)
    # A key one step behind is in bucket 1, one step ahead in bucket 3 + 1.
    torch.testing.assert_close(bias[:, 2, 1], table.weight[1])
    torch.testing.assert_close(bias[:, 2, 3], table.weight[4])
    torch.testing.assert_close(table(2, past=2), bias[:, 2:])


@pytest.mark.parametrize("chunks", [[1] * 7, [4, 3], [1, 5, 1]], ids=str)
def test_a_cache_changes_nothing(layer, randn, chunks):
    x, cache, parts = randn(2, 7, 10), KVCache(), []
    for part in x.split(chunks, dim=1):
        mask = causal_mask(part.shape[1], len(cache) + part.shape[1])
        parts.append(layer(part, mask=mask, cache=cache))

    torch.testing.assert_close(torch.cat(parts, dim=1), layer(x, mask=causal_mask(7)))


def test_a_table_and_memory_do_not_go_together(layer, randn):
    with pytest.raises(ValueError, match="cross-attention has no distances"):
        layer(randn(1, 2, 10), randn(1, 3, 10))


def test_relative_positions_are_key_minus_query():
    assert relative_positions(2, past=1).tolist() == [[-1, 0, 1], [-2, -1, 0]]


def test_a_query_that_may_read_nothing_gets_zero(randn):
    q, k, v = randn(1, 2, 3, 4), randn(1, 2, 5, 4), randn(1, 2, 5, 6)
    mask = torch.ones(3, 5, dtype=torch.bool)
    mask[1] = False

    mixed = biased_attend(q, k, v, None, mask, 1.0)

    assert (mixed[:, :, 1] == 0).all()
    assert mixed.isfinite().all()


def test_it_runs_on_every_device(device):
    layer = T5Attention(8, 2, 4, RelativeBias(2, bidirectional=True)).to(device)

    assert layer(torch.randn(2, 3, 8, device=device)).device.type == device.type
