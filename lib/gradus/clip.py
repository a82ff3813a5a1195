"""Clipping: a gradient may point anywhere, but not be longer than a limit.

Pascanu et al. 2013, https://arxiv.org/abs/1211.5063, algorithm 1
"""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor, nn


def clip_grad_norm(parameters: Iterable[nn.Parameter], max_norm: float) -> Float[Tensor, ""]:
    """Shorten the gradients of a model, in place, where they are longer than `max_norm`.

    The gradients of all parameters count as one long vector, and its length, the norm, is the root
    of the sum of all squares. If that is more than `max_norm`, all gradients are multiplied by one
    number, so that the norm becomes `max_norm`; otherwise they stay exactly as they are. They also
    stay where the norm is no finite number: that no factor can mend, and the caller should see it.

    Parameters without a gradient (None) do not count. Returns the norm before clipping, 0 where
    there are no gradients.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    norm = torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt()
    if norm.isfinite() and norm > max_norm:
        for gradient in gradients:
            gradient.mul_(max_norm / norm)
    return norm
