"""AdamW: every number of a model takes steps of its own size, and is pulled towards 0 besides.

Adam: Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, algorithm 1;
AdamW: Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101, algorithm 2
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import nn


@torch.no_grad()
def adamw_step(
    parameters: Iterable[nn.Parameter],
    memories: Sequence[dict[str, Any]],
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> None:
    """Make one step of AdamW: change every parameter in place, by its gradient g = parameter.grad.

    `memories` holds one dictionary for each parameter, {} before its first step. Afterwards "step"
    is the number of steps that this parameter has made, 1 after the first, and "mean" and "square"
    are the running means of g and of g². Each begins at 0 and in each step moves to
    beta · itself + (1 - beta) · the new value, with the first of `betas` for g, the second for g².

    1. The decay: the parameter is multiplied by 1 - lr · weight_decay.
    2. Means that began at 0 are too small at first: divide each by 1 - beta^step. Call these m, v.
    3. The parameter moves by -lr · m / (sqrt(v) + eps).

    A parameter without a gradient (None) is left out: neither it nor its memory changes. Gradients
    stay as they are.
    """
    first, second = betas
    for parameter, memory in zip(parameters, memories, strict=True):
        g = parameter.grad
        if g is None:
            continue
        memory["step"] = step = memory.get("step", 0) + 1
        memory["mean"] = first * memory.get("mean", 0) + (1 - first) * g
        memory["square"] = second * memory.get("square", 0) + (1 - second) * g.square()
        m = memory["mean"] / (1 - first**step)
        v = memory["square"] / (1 - second**step)
        parameter.mul_(1 - lr * weight_decay)
        parameter.sub_(lr * m / (v.sqrt() + eps))
