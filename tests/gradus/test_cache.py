"""The cache of keys and values: it remembers, and decoding with it equals decoding without."""

import pytest
import torch

from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache
from gradus.mask import causal_mask

PREFIXES = range(1, 8)


def decode(layer, x, chunks):
    """Run x through the layer in chunks of the given lengths, with a cache between them."""
    cache, outputs = KVCache(), []
    for chunk in x.split(chunks, dim=1):
        mask = causal_mask(chunk.shape[1], len(cache) + chunk.shape[1])
        outputs.append(layer(chunk, mask=mask, cache=cache))
    return torch.cat(outputs, dim=1)


@pytest.fixture(params=[6, 2], ids=["as-many-kv-heads", "grouped-query"])
def layer(request, randomise):
    return randomise(MultiHeadAttention(d_model=10, heads=6, d_head=4, kv_heads=request.param))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_cached_decoding_equals_full_decoding_at_every_prefix(layer, randn, prefix):
    x = randn(3, prefix, 10)
    full = layer(x, mask=causal_mask(prefix))

    torch.testing.assert_close(decode(layer, x, [1] * prefix), full, rtol=0, atol=1e-10)


@pytest.mark.parametrize("chunks", [[7], [4, 3], [1, 5, 1], [3, 1, 1, 2], [2, 2, 3]], ids=str)
def test_cached_decoding_equals_full_decoding_in_any_chunks(layer, randn, chunks):
    x = randn(3, 7, 10)
    full = layer(x, mask=causal_mask(7))

    torch.testing.assert_close(decode(layer, x, chunks), full, rtol=0, atol=1e-10)


def test_gradients_flow_through_the_cache_to_every_position_and_weight(layer, randn):
    x, weight = randn(3, 7, 10), randn(3, 7, 10).detach()
    wanted = (x, *layer.parameters())
    full = torch.autograd.grad((layer(x, mask=causal_mask(7)) * weight).sum(), wanted)

    cached = torch.autograd.grad((decode(layer, x, [3, 1, 3]) * weight).sum(), wanted)

    torch.testing.assert_close(cached, full)


def test_a_new_cache_is_empty():
    assert len(KVCache()) == 0


def test_updates_are_appended_oldest_first(randn):
    cache = KVCache()
    first, second = (randn(2, 3, 4, 5), randn(2, 3, 4, 6)), (randn(2, 3, 1, 5), randn(2, 3, 1, 6))

    cache.update(*first)
    keys, values = cache.update(*second)

    assert torch.equal(torch.cat([first[0], second[0]], dim=2), keys)
    assert torch.equal(torch.cat([first[1], second[1]], dim=2), values)
    assert len(cache) == 5


def test_what_was_handed_out_before_does_not_change(randn):
    cache = KVCache()
    keys, values = cache.update(randn(2, 3, 4, 5), randn(2, 3, 4, 6))
    before = keys.clone(), values.clone()

    cache.update(randn(2, 3, 1, 5), randn(2, 3, 1, 6))

    assert torch.equal(before[0], keys)
    assert torch.equal(before[1], values)


def test_after_a_reset_another_text_can_begin(randn):
    cache = KVCache()
    cache.update(randn(2, 3, 4, 5), randn(2, 3, 4, 6))

    cache.reset()

    assert len(cache) == 0

    keys, _ = cache.update(randn(1, 3, 2, 5), randn(1, 3, 2, 6))

    assert keys.shape == (1, 3, 2, 5)
    assert len(cache) == 2


def test_caches_share_nothing(randn):
    one, other = KVCache(), KVCache()

    one.update(randn(2, 3, 4, 5), randn(2, 3, 4, 6))

    assert len(other) == 0


def test_the_cache_holds_the_shared_heads_only(layer, randn):
    cache = KVCache()

    layer(randn(3, 7, 10), cache=cache)

    assert cache.keys.shape == (3, layer.kv_heads, 7, 4)


def test_only_new_positions_are_projected(layer, randn):
    lengths = []
    layer.key.register_forward_hook(lambda module, args, output: lengths.append(args[0].shape[1]))

    decode(layer, randn(3, 7, 10), [4, 1, 2])

    assert lengths == [4, 1, 2]
