"""Dropout: no number may rely on another being there.

Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor


def dropout(
    x: Float[Tensor, "*shape"],
    p: float = 0.5,
    training: bool = True,
    generator: Generator | None = None,
) -> Float[Tensor, "*shape"]:
    """Set each number of x, by itself, to 0 with probability p; divide the others by 1 - p.

    So every number keeps its mean. Outside of `training`, x comes back as it is. The random numbers
    come from `generator`, or from torch's global one where none is given. With p = 1 all is 0.

    Raises ValueError when p is not between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is a probability, from 0 to 1; it was {p}")
    if not training or p == 0:
        return x
    # Drawn where the generator lives: one on the CPU can serve tensors anywhere.
    device = x.device if generator is None else generator.device
    dropped = torch.rand(x.shape, generator=generator, device=device) < p
    scale = 1 / (1 - p) if p < 1 else 0.0
    return (x * scale).masked_fill(dropped.to(x.device), 0.0)
