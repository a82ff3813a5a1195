"""ZeRO, stage 1: every rank remembers its own part of the optimizer's state, and no other.

Rajbhandari et al. 2019, https://arxiv.org/abs/1910.02054, section 5.1 and section 7
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.link import Link
from gradus.parallel.ring import ring_all_reduce


def zero1_step(
    link: Link,
    model: nn.Module,
    ids: Int[Tensor, "batch seq"],
    padding: Bool[Tensor, "batch seq"],
    memory: dict[str, Any],
    lr: float = 1e-3,
) -> Float[Tensor, ""]:
    """Make one training step as `ddp_step` does, with 1/size of the optimizer's state on each rank.

    Think of all numbers that are trained as one long vector, in the order of `model.parameters()`,
    cut into chunks as in `ring_all_reduce`. A rank makes the step of AdamW (`adamw_step`, no decay)
    for the chunk whose gradients are complete on it halfway round the ring, and for no other. The
    second half hands round the new numbers instead of the gradients. So each rank sends what it
    sends in `ddp_step`, and a few bytes for the loss.

    `memory` is this rank's own, {} before the first step. It holds what has to be remembered of
    this chunk: running means for at most ceil(n / size) of the n numbers.

    Returns the loss of the whole batch, without a gradient of its own: the same on all ranks.
    """
    parameters = [p for p in model.parameters() if p.requires_grad]
    model.zero_grad()
    count = (padding[:, 1:] & padding[:, :-1]).sum()
    loss = lm_loss(model(ids, padding), ids, padding) * count
    loss.backward()
    totals = torch.stack([loss.detach(), count.to(loss.dtype)])
    ring_all_reduce(link, totals)
    total_loss, total = totals[0], totals[1].clamp(min=1)

    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    numbers = torch.cat([p.detach().flatten() for p in parameters])
    flat = torch.cat([gradient.flatten() for gradient in gradients]) / total

    def step(own: slice) -> None:
        chunk = nn.Parameter(numbers[own])
        chunk.grad = flat[own].clone()
        adamw_step([chunk], [memory], lr, weight_decay=0.0)
        flat[own] = chunk.detach()

    ring_all_reduce(link, flat, halfway=step)

    news = flat.split([p.numel() for p in parameters])
    with torch.no_grad():
        for parameter, new in zip(parameters, news, strict=True):
            parameter.copy_(new.view_as(parameter))
    return total_loss / total
