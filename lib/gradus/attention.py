"""Attention: every query averages the values, weighted by how well its key matches.

Vaswani et al. 2017, section 3.2, https://arxiv.org/abs/1706.03762
"""

from einops import einsum
from jaxtyping import Bool, Float
from torch import Tensor, nn

from gradus.cache import KVCache
from gradus.heads import merge_heads, repeat_kv, split_heads


def attend(
    q: Float[Tensor, "... query d_head"],
    k: Float[Tensor, "... key d_head"],
    v: Float[Tensor, "... key d_value"],
    mask: Bool[Tensor, "... #query key"] | None = None,
) -> tuple[Float[Tensor, "... query d_value"], Float[Tensor, "... query key"]]:
    """Scaled dot-product attention: softmax(q kᵀ / sqrt(d_head)) v.

    `mask` is True where a query may read a key; without one, every query reads every key. A key
    that a query may not read has weight exactly 0. A query that may read nothing gets weights and
    output 0.

    Returns (output, weights): shapes (..., query, d_value) and (..., query, key).
    """
    # Dividing the queries divides the scores, of which there are more.
    q = q / q.shape[-1] ** 0.5
    scores = einsum(q, k, "... query d_head, ... key d_head -> ... query key")
    if mask is None:
        weights = scores.softmax(dim=-1)
    else:
        weights = scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)
        # A row without any key is 0/0 in the softmax: define it as nothing read.
        weights = weights.masked_fill(~mask, 0.0)
    return einsum(weights, v, "... query key, ... key d_value -> ... query d_value"), weights


class MultiHeadAttention(nn.Module):
    """Several heads attend side by side, each in its own slice of the queries, keys and values.

    `d_model` is the width in and out, `heads` the number of query heads, `d_head` the width of each
    (default d_model / heads), `kv_heads` the number of key and value heads (default heads: as many;
    fewer is grouped-query attention). The four projections are `nn.Linear` modules called `query`,
    `key`, `value` and `out`, each with a bias if `bias` is set.

    Raises ValueError when heads does not divide d_model and no d_head is given, or when kv_heads
    does not divide heads.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        d_head: int | None = None,
        kv_heads: int | None = None,
        bias: bool = True,
    ) -> None:
        """Make the four projections: query, key, value and out."""
        super().__init__()
        if d_head is None and d_model % heads:
            raise ValueError(f"d_model={d_model} does not divide evenly into heads={heads}")
        self.heads = heads
        self.kv_heads = kv_heads or heads
        if heads % self.kv_heads:
            raise ValueError(f"heads={heads} does not divide evenly into kv_heads={self.kv_heads}")
        d_head = d_head or d_model // heads
        self.query = nn.Linear(d_model, heads * d_head, bias=bias)
        self.key = nn.Linear(d_model, self.kv_heads * d_head, bias=bias)
        self.value = nn.Linear(d_model, self.kv_heads * d_head, bias=bias)
        self.out = nn.Linear(heads * d_head, d_model, bias=bias)

    def forward(
        self,
        x: Float[Tensor, "batch query d_model"],
        memory: Float[Tensor, "batch key d_model"] | None = None,
        mask: Bool[Tensor, "*mask #query key"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch query d_model"]:
        """Let the positions of x read the positions of memory, or of x itself when there is none.

        `mask` is True where a query may read a key, and must broadcast to (batch, heads, query,
        key). With a `cache`, the new keys and values are appended to it, and all positions so far
        are read.

        Returns shape (batch, query, d_model).
        """
        source = x if memory is None else memory
        q = split_heads(self.query(x), self.heads)
        k = split_heads(self.key(source), self.kv_heads)
        v = split_heads(self.value(source), self.kv_heads)
        if cache is not None:
            k, v = cache.update(k, v)
        groups = self.heads // self.kv_heads
        mixed, _ = attend(q, repeat_kv(k, groups), repeat_kv(v, groups), mask)
        return self.out(merge_heads(mixed))


def cross_attention(
    layer: MultiHeadAttention,
    x: Float[Tensor, "batch query d_model"],
    memory: Float[Tensor, "batch key d_model"],
    memory_padding: Bool[Tensor, "batch key"] | None = None,
) -> Float[Tensor, "batch query d_model"]:
    """Let x (a decoder's positions) read memory (an encoder's output) through an attention layer.

    `memory_padding` is True at the real tokens of memory and False at its padding. Every position
    of x may read every real position of memory: the whole source is known, so nothing is causal.

    Returns shape (batch, query, d_model).
    """
    mask = None if memory_padding is None else memory_padding[:, None, None, :]
    return layer(x, memory, mask=mask)
