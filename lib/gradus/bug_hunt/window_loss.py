"""How well a model reads windows of a long text."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from gradus.probability import cross_entropy


def window_loss(
    model: Callable[[Tensor], Tensor],
    data: Int[Tensor, " length"],
    starts: Int[Tensor, " batch"],
    seq: int,
) -> Float[Tensor, ""]:
    """Measure a model on the windows of a text that begin at `starts`."""
    places = starts[:, None] + torch.arange(seq, device=data.device)
    logits = model(data[places])
    return cross_entropy(logits, data[places + 1])
