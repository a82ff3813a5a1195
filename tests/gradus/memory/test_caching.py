"""The cache of keys and values: published models, and what `KVCache` really holds."""

import pytest
import torch

from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache
from gradus.memory import kv_cache_bytes
from gradus.memory.models import MODELS
from gradus.memory.units import in_gib


@pytest.mark.parametrize(
    ("sizes", "tokens", "gib"),
    [
        # Worked out from the published configurations, fp16: Llama 2 (arXiv 2307.09288), Llama 3.
        ((32, 4096, 32, 32), 4096, 2.0),
        ((80, 8192, 64, 8), 4096, 1.25),
        ((32, 4096, 32, 8), 8192, 1.0),
    ],
    ids=["Llama-2 7B", "Llama-2 70B", "Llama-3 8B"],
)
def test_published_models(sizes, tokens, gib):
    assert in_gib(kv_cache_bytes(1, tokens, *sizes)) == gib


def test_the_models_of_the_calculator_say_the_same():
    for name, gib in (("Llama-2 7B", 2.0), ("Llama-2 70B", 1.25)):
        m = MODELS[name]
        size = kv_cache_bytes(1, 4096, m.layers, m.d_model, m.heads, m.kv_heads)
        assert in_gib(size) == gib


def test_a_real_cache_holds_so_many_bytes():
    cache = KVCache()
    attention = MultiHeadAttention(12, 6, kv_heads=2).bfloat16()
    attention(torch.randn(3, 5, 12, dtype=torch.bfloat16), cache=cache)
    held = sum(
        t.numel() * t.element_size() for t in vars(cache).values() if isinstance(t, torch.Tensor)
    )
    assert held == kv_cache_bytes(3, 5, 1, 12, 6, 2)


def test_a_window_keeps_at_most_its_own_length():
    sizes = (3, 50, 7, 22, 11)
    assert kv_cache_bytes(*sizes, window=20) == kv_cache_bytes(3, 20, 7, 22, 11)
    assert kv_cache_bytes(*sizes, window=90) == kv_cache_bytes(*sizes)


def test_heads_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        kv_cache_bytes(1, 3, 1, 10, 3)
    with pytest.raises(ValueError, match="4 kv_heads"):
        kv_cache_bytes(1, 3, 1, 12, 6, 4)
