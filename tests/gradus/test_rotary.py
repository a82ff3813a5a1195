"""Attention with rotary positions: only distances count, with a cache and without."""

import pytest
import torch

from gradus.attention import attend
from gradus.cache import KVCache
from gradus.heads import merge_heads, repeat_kv, split_heads
from gradus.mask import causal_mask
from gradus.rope import apply_rope
from gradus.rotary import RotaryAttention


@pytest.fixture
def layer(randomise):
    return randomise(RotaryAttention(10, heads=6, d_head=4, kv_heads=2, bias=True, base=50.0))


def test_queries_and_keys_are_turned_and_values_are_not(layer, randn):
    x, mask = randn(3, 7, 10), causal_mask(7)
    q, k, v = (
        split_heads(part(x), heads)
        for part, heads in ((layer.query, 6), (layer.key, 2), (layer.value, 2))
    )
    turned = [apply_rope(y, torch.arange(7), 50.0) for y in (q, k)]
    mixed, _ = attend(turned[0], repeat_kv(turned[1], 3), repeat_kv(v, 3), mask)

    torch.testing.assert_close(layer(x, mask=mask), layer.out(merge_heads(mixed)))


@pytest.mark.parametrize("chunks", [[1] * 7, [4, 3], [1, 5, 1]], ids=str)
def test_a_cache_changes_nothing(layer, randn, chunks):
    x, cache, parts = randn(3, 7, 10), KVCache(), []
    for part in x.split(chunks, dim=1):
        mask = causal_mask(part.shape[1], len(cache) + part.shape[1])
        parts.append(layer(part, mask=mask, cache=cache))

    torch.testing.assert_close(torch.cat(parts, dim=1), layer(x, mask=causal_mask(7)))


def test_where_a_text_begins_changes_nothing(layer, randn):
    x, before = randn(3, 7, 10), randn(3, 4, 10)
    hidden = (torch.arange(11) >= 4)[None] & causal_mask(11)

    later = layer(torch.cat([before, x], dim=1), mask=hidden)[:, 4:]

    torch.testing.assert_close(later, layer(x, mask=causal_mask(7)))


def test_a_query_that_may_read_nothing_gets_zero_and_gradients_stay_finite(layer, randn):
    x, mask = randn(2, 7, 10), causal_mask(7).clone()
    mask[2] = False

    output = layer(x, mask=mask)
    output.sum().backward()

    torch.testing.assert_close(output[:, 2], layer.out.bias.expand(2, -1))
    assert x.grad.isfinite().all()


def test_the_order_of_keys_matters(layer, randn):
    x = randn(1, 7, 10)
    swapped = x[:, [1, 0, 2, 3, 4, 5, 6]]

    assert (layer(x)[:, -1] - layer(swapped)[:, -1]).abs().max() > 1e-3


def test_memory_is_an_error(layer, randn):
    with pytest.raises(ValueError, match="self-attention"):
        layer(randn(1, 2, 10), randn(1, 3, 10))


def test_it_runs_on_every_device(device):
    layer = RotaryAttention(8, 2).to(device)

    assert layer(torch.randn(2, 3, 8, device=device), cache=KVCache()).device.type == device.type
