"""Attention whose queries and keys are turned by their position: what LLaMA does.

Su et al. 2021, https://arxiv.org/abs/2104.09864
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

from gradus.attention import MultiHeadAttention
from gradus.biased import past_positions
from gradus.cache import KVCache
from gradus.heads import merge_heads, split_heads
from gradus.rope import apply_rope


class RotaryAttention(MultiHeadAttention):
    """`MultiHeadAttention` with `apply_rope` on queries and keys; `base` sets how slowly they turn.

    The first position of x is 0, or as many as the cache holds. Only distances count: padding
    before a text moves all of its positions alike, and so changes nothing as long as the mask
    hides it.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        d_head: int | None = None,
        kv_heads: int | None = None,
        bias: bool = False,
        base: float = 10_000.0,
    ) -> None:
        """Make the four projections, without biases unless asked for."""
        super().__init__(d_model, heads, d_head, kv_heads, bias)
        self.base = base

    def forward(
        self,
        x: Float[Tensor, "batch query d_model"],
        memory: Float[Tensor, "batch key d_model"] | None = None,
        mask: Bool[Tensor, "*mask #query key"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch query d_model"]:
        """Let the positions of x read each other; the cache keeps keys that are turned already.

        Raises ValueError when memory is given: positions of two texts have no distance.
        """
        if memory is not None:
            raise ValueError("rotary positions are for self-attention: call it without memory")
        past = past_positions(cache)
        positions = torch.arange(past, past + x.shape[1], device=x.device)
        q = split_heads(self.query(x), self.heads)
        k = split_heads(self.key(x), self.kv_heads)
        v = split_heads(self.value(x), self.kv_heads)
        # Queries and keys are turned in one go: the angles are the same.
        turned = apply_rope(torch.cat([q, k], dim=1), positions, self.base)
        q, k = turned.split([self.heads, self.kv_heads], dim=1)
        if cache is not None:
            k, v = cache.update(k, v)
        # The same as `attend` with `repeat_kv`, without copying the shared heads for every token.
        shared = self.heads != self.kv_heads
        mixed = F.scaled_dot_product_attention(q, k, v, mask, enable_gqa=shared)
        return self.out(merge_heads(mixed))
