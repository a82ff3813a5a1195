"""Heads: one wide vector per position seen as several narrow ones, and back.

Vaswani et al. 2017, section 3.2.2, https://arxiv.org/abs/1706.03762;
shared key and value heads: Ainslie et al. 2023, https://arxiv.org/abs/2305.13245
"""

from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor


def split_heads(
    x: Float[Tensor, "batch seq d_model"], heads: int
) -> Float[Tensor, "batch heads seq d_head"]:
    """Cut the last axis into `heads` equal slices, each a head with its own row of positions.

    Head 0 gets the first d_head numbers of every position, head 1 the next d_head, and so on.

    Returns shape (batch, heads, seq, d_head), where d_head = d_model / heads.
    Raises ValueError when the width does not divide evenly into heads.
    """
    if x.shape[-1] % heads:
        raise ValueError(f"a width of {x.shape[-1]} does not divide evenly into {heads} heads")
    return rearrange(x, "batch seq (heads d_head) -> batch heads seq d_head", heads=heads)


def merge_heads(
    x: Float[Tensor, "batch heads seq d_head"],
) -> Float[Tensor, "batch seq d_model"]:
    """Lay the heads of every position side by side again: the inverse of `split_heads`.

    Returns shape (batch, seq, d_model), where d_model = heads * d_head.
    """
    return rearrange(x, "batch heads seq d_head -> batch seq (heads d_head)")


def repeat_kv(
    x: Float[Tensor, "batch kv_heads seq d_head"], groups: int
) -> Float[Tensor, "batch heads seq d_head"]:
    """Give every key (or value) head to `groups` neighbouring query heads.

    Query heads 0 to groups-1 share head 0 of x, the next `groups` share head 1, and so on.

    Returns shape (batch, kv_heads * groups, seq, d_head).
    """
    return repeat(
        x, "batch kv_heads seq d_head -> batch (kv_heads groups) seq d_head", groups=groups
    )
