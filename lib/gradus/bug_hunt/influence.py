"""Influence: an instrument that shows who reads whom, whatever stands in the code."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor


def influence(
    model: Callable[[Tensor], Tensor], ids: Int[Tensor, " seq"]
) -> Float[Tensor, "position token"]:
    """Return how far each position's logits move when each token of a text is changed.

    `model` takes ids of shape (batch, seq) and gives logits of shape (batch, seq, vocab). The text
    is read once as it is, and once for every token with this one token changed, to the next id (the
    id after the last is 0). In row i, column j stands how far the logits of position i have moved
    when token j was changed: the length (square root of the sum of squares) of the difference.

    The given ids stay as they are. No gradients are kept.
    """
    seq = len(ids)
    with torch.no_grad():
        before = model(ids[None])[0]
        changed = ids.repeat(seq, 1)
        changed.diagonal().add_(1).remainder_(before.shape[-1])
        after = model(changed)  # row j of this batch is the text whose token j was changed
    return (after - before).norm(dim=-1).T
