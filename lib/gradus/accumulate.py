"""Accumulating gradients: a batch too large for the memory, read in several smaller ones."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gradus.objective import lm_loss


def accumulate_gradients(
    model: nn.Module, batches: Sequence[tuple[Tensor, Tensor]]
) -> Float[Tensor, ""]:
    """Add to the gradients of a model what one large batch of all the texts would add.

    `batches` holds pairs (ids, padding), both of shape (batch, seq), which may differ from pair to
    pair; padding is True at the real tokens. `model(ids, padding)` gives logits, and its loss is
    `lm_loss`. As in one large batch, every prediction that counts weighs the same, in whichever
    small batch it stands: a batch with more of them has more say.

    Only one batch is in memory at a time: backward comes before the next batch is read. Gradients
    that are there already are added to, and no step is made.

    Returns the loss of the large batch, without a gradient of its own.
    Raises ValueError when there are no batches.
    """
    if not batches:
        raise ValueError("there are no batches to learn from: give at least one")
    counts = [int((padding[:, 1:] & padding[:, :-1]).sum()) for _, padding in batches]
    total = max(sum(counts), 1)
    losses = []
    for (ids, padding), count in zip(batches, counts, strict=True):
        loss = lm_loss(model(ids, padding), ids, padding) * (count / total)
        loss.backward()
        losses.append(loss.detach())
    return torch.stack(losses).sum()
