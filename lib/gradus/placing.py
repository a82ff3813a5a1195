"""Placing: the first real token of a text stands at position 0, whatever padding is before it."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


def place(
    positions: nn.Module,
    x: Float[Tensor, "batch seq d_model"],
    past: int = 0,
    padding: Bool[Tensor, "batch key"] | None = None,
) -> Float[Tensor, "batch seq d_model"]:
    """Add positions to the vectors of a batch, in each text counted from its first real token.

    `positions` is called as `positions(vectors, offset)`. `past` tokens came before x, whose keys
    and values wait in caches; `padding` is True at the real tokens of the past and of x. What
    stands before a text's first real token is padding, and gets no position.
    """
    if padding is None:
        return positions(x, past)
    before = padding.int().argmax(dim=-1).tolist()  # padding on the left of each text
    if not any(before):
        return positions(x, past)
    rows = []
    for row, missing in zip(x, before, strict=True):
        skip = min(max(missing - past, 0), len(row))
        rows.append(torch.cat([row[:skip], positions(row[skip:], max(past - missing, 0))]))
    return torch.stack(rows)
