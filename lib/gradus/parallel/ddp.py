"""Data parallel training: every rank has the whole model, and a part of the batch.

Li et al. 2020, https://arxiv.org/abs/2006.15704
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.link import Link
from gradus.parallel.ring import ring_all_reduce


def ddp_step(
    link: Link,
    model: nn.Module,
    ids: Int[Tensor, "batch seq"],
    padding: Bool[Tensor, "batch seq"],
    memories: list[dict[str, Any]],
    lr: float = 1e-3,
) -> Float[Tensor, ""]:
    """Make one training step on the texts of all ranks. All call this together.

    Every rank has the same model and texts of its own, in `ids`; there may be more of them on one
    rank than on another, longer ones, or none. Afterwards the model is, on every rank, what one
    process would have made of it with all the texts in one batch: the loss is the mean over all
    predictions that count, so each weighs the same, on whichever rank it is made. (The loss of a
    rank's own texts is `lm_loss(model(ids, padding), ids, padding)`, a mean over its own.)

    The gradients, one number for each number that is trained, go round the ring once. A parameter
    that this rank's texts did not use has a gradient of 0 here; others may have used it. Gradients
    left from earlier steps do not count.

    The step itself is `adamw_step` with `lr` and no decay. `memories` holds a dictionary for each
    parameter that is trained (requires_grad), in the order of `model.parameters()`.

    Returns the loss of the whole batch, without a gradient of its own: the same on all ranks.
    """
    parameters = [p for p in model.parameters() if p.requires_grad]
    model.zero_grad()
    count = (padding[:, 1:] & padding[:, :-1]).sum()
    loss = lm_loss(model(ids, padding), ids, padding) * count  # a sum, no mean any more
    loss.backward()
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    numbers = [*gradients, loss.detach(), count.to(loss.dtype)]
    flat = torch.cat([number.flatten() for number in numbers])

    ring_all_reduce(link, flat)

    *summed, total_loss, total = flat.split([number.numel() for number in numbers])
    total = total.clamp(min=1)
    for parameter, gradient in zip(parameters, summed, strict=True):
        parameter.grad = (gradient / total).view_as(parameter)
    adamw_step(parameters, memories, lr, weight_decay=0.0)
    return (total_loss / total).squeeze()
