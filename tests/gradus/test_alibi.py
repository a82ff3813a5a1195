"""Attention that fades with distance."""

import pytest
import torch

from gradus.alibi import AlibiAttention
from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache
from gradus.mask import causal_mask


@pytest.fixture
def layer(randomise):
    return randomise(AlibiAttention(12, heads=3, d_head=5))


def test_of_equal_keys_each_step_away_counts_less_by_the_slope(layer, randn):
    with torch.no_grad():  # no score but the distance; head h shows its weights as they are
        layer.query.weight.zero_()
        layer.query.bias.zero_()
        layer.out.weight.copy_(torch.eye(12, 15))
        layer.out.bias.zero_()
        layer.value.weight.copy_(torch.eye(15, 12))
        layer.value.bias.zero_()
    x = torch.eye(4, 12).double()[None]  # key i shows in number i of head 0 (slope 1/16)

    weights = layer(x, mask=causal_mask(4))[0, 3, :4]

    torch.testing.assert_close(weights[1:] / weights[:-1], torch.full((3,), 1 / 16).double().exp())


def test_far_away_in_a_long_text_it_is_no_longer_ordinary_attention(layer, randn):
    plain = MultiHeadAttention(12, heads=3, d_head=5).double()
    plain.load_state_dict(layer.state_dict())
    x, mask = randn(2, 7, 12), causal_mask(7)

    torch.testing.assert_close(layer(x[:, :1]), plain(x[:, :1]))
    assert (layer(x, mask=mask) - plain(x, mask=mask))[:, -1].abs().max() > 1e-3


@pytest.mark.parametrize("chunks", [[1] * 7, [4, 3], [1, 5, 1]], ids=str)
def test_a_cache_changes_nothing(layer, randn, chunks):
    x, cache, parts = randn(2, 7, 12), KVCache(), []
    for part in x.split(chunks, dim=1):
        mask = causal_mask(part.shape[1], len(cache) + part.shape[1])
        parts.append(layer(part, mask=mask, cache=cache))

    torch.testing.assert_close(torch.cat(parts, dim=1), layer(x, mask=causal_mask(7)))


def test_memory_and_shared_keys_are_errors(layer, randn):
    with pytest.raises(ValueError, match="self-attention"):
        layer(randn(1, 2, 12), randn(1, 3, 12))
    with pytest.raises(ValueError, match="kv_heads=1"):
        AlibiAttention(12, 3, kv_heads=1)(torch.zeros(1, 2, 12))


def test_it_runs_on_every_device(device):
    layer = AlibiAttention(8, 2).to(device)

    assert layer(torch.randn(2, 3, 8, device=device), cache=KVCache()).device.type == device.type
