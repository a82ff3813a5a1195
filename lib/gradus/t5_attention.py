"""T5's attention: no scaling, no biases, and a learned number for every distance.

Raffel et al. 2019, section 2.1, https://arxiv.org/abs/1910.10683
"""

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn

from gradus.attention import MultiHeadAttention
from gradus.biased import biased_attend, past_positions, relative_positions
from gradus.cache import KVCache
from gradus.heads import merge_heads, split_heads
from gradus.relative import t5_relative_bucket


class RelativeBias(nn.Module):
    """A table with a number for every bucket of distances and every head, added to the scores.

    All blocks of a stack share one. The table is the parameter `weight`, of shape (buckets, heads).
    With `bidirectional` (an encoder), keys before and after the query have buckets of their own.
    """

    def __init__(
        self, heads: int, bidirectional: bool, buckets: int = 32, max_distance: int = 128
    ) -> None:
        """Start with random numbers of mean 0 and variance 1."""
        super().__init__()
        self.bidirectional = bidirectional
        self.max_distance = max_distance
        self.weight = nn.Parameter(torch.randn(buckets, heads))

    def forward(self, query: int, past: int = 0) -> Float[Tensor, "heads query key"]:
        """Look up the numbers for `query` positions, which come after `past` others."""
        bucket = t5_relative_bucket(
            relative_positions(query, past, self.weight.device),
            self.bidirectional,
            len(self.weight),
            self.max_distance,
        )
        return rearrange(self.weight[bucket], "query key heads -> heads query key")


class T5Attention(MultiHeadAttention):
    """`MultiHeadAttention` without biases and without 1 / sqrt(d_head), plus a `relative` bias.

    T5 has the scaling in its starting weights. Cross-attention has no `relative`: the positions of
    two texts have no distance.
    """

    def __init__(
        self, d_model: int, heads: int, d_head: int, relative: RelativeBias | None = None
    ) -> None:
        """Make the four projections, and keep the table that the stack shares."""
        super().__init__(d_model, heads, d_head, bias=False)
        self.relative = relative

    def forward(
        self,
        x: Float[Tensor, "batch query d_model"],
        memory: Float[Tensor, "batch key d_model"] | None = None,
        mask: Bool[Tensor, "*mask #query key"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch query d_model"]:
        """Let the positions of x read those of memory, or of x itself when there is none.

        Raises ValueError when both memory and a relative bias are given.
        """
        if memory is not None and self.relative is not None:
            raise ValueError("cross-attention has no distances: make it without `relative`")
        source = x if memory is None else memory
        past = past_positions(cache)
        q = split_heads(self.query(x), self.heads)
        k = split_heads(self.key(source), self.heads)
        v = split_heads(self.value(source), self.heads)
        if cache is not None:
            k, v = cache.update(k, v)
        bias = None if self.relative is None else self.relative(x.shape[1], past)
        return self.out(merge_heads(biased_attend(q, k, v, bias, mask, 1.0)))
