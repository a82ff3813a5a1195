"""Attention with numbers added to the scores: how ALiBi and T5 say where a key stands.

Press et al. 2021, https://arxiv.org/abs/2108.12409; Raffel et al. 2019, section 2.1,
https://arxiv.org/abs/1910.10683
"""

import torch
from einops import einsum
from jaxtyping import Bool, Float, Int
from torch import Tensor

from gradus.cache import KVCache


def biased_attend(
    q: Float[Tensor, "batch heads query d_head"],
    k: Float[Tensor, "batch heads key d_head"],
    v: Float[Tensor, "batch heads key d_value"],
    bias: Float[Tensor, "heads query key"] | None,
    mask: Bool[Tensor, "*mask #query key"] | None,
    scale: float,
) -> Float[Tensor, "batch heads query d_value"]:
    """Return softmax(scale q kᵀ + bias) v, reading only the keys that `mask` allows.

    As in `attend`, a query that may read nothing gets 0.
    """
    scores = scale * einsum(q, k, "b h query d, b h key d -> b h query key")
    if bias is not None:
        scores = scores + bias
    if mask is None:
        weights = scores.softmax(dim=-1)
    else:
        weights = scores.masked_fill(~mask, float("-inf")).softmax(dim=-1).masked_fill(~mask, 0.0)
    return einsum(weights, v, "b h query key, b h key d -> b h query d")


def past_positions(cache: KVCache | None) -> int:
    """Return how many positions an attention layer has read already: its new ones begin there."""
    return 0 if cache is None else len(cache)


def relative_positions(
    query: int, past: int, device: torch.device | str | None = None
) -> Int[Tensor, "query key"]:
    """Return the position of every key minus that of every query, `past` keys being older.

    The queries are the last `query` of past + query positions, as in `causal_mask`.
    """
    positions = torch.arange(past + query, device=device)
    return positions - positions[past:, None]
