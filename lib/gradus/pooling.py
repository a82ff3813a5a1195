"""Pooling: one vector for a whole text, made of the vectors of its tokens.

Reimers and Gurevych 2019, section 3, https://arxiv.org/abs/1908.10084
"""

from jaxtyping import Bool, Float
from torch import Tensor


def mean_pool(
    x: Float[Tensor, "batch seq d_model"], padding: Bool[Tensor, "batch seq"] | None = None
) -> Float[Tensor, "batch d_model"]:
    """Return the mean of the vectors of each text.

    `padding` is True at the real tokens, and only they count: neither in the sum nor in the number
    it is divided by is there any padding, whatever stands there (even inf or nan). A text without
    a real token gets zeros. Without `padding`, all positions count.
    """
    if padding is None:
        return x.mean(dim=-2)
    total = x.masked_fill(~padding.unsqueeze(-1), 0).sum(dim=-2)
    return total / padding.sum(dim=-1, keepdim=True).clamp(min=1)
