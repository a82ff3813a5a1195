"""The paired bootstrap: is one model better than another, or were they lucky with these documents?

Efron 1979; for language technology: Koehn 2004, https://aclanthology.org/W04-3250
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Generator, Tensor


class Interval(NamedTuple):
    """A difference, and the bounds between which it lies as surely as was asked."""

    difference: float
    low: float
    high: float


def paired_bootstrap(
    first: Float[Tensor, " document"],
    second: Float[Tensor, " document"],
    sizes: Float[Tensor, " document"],
    draws: int = 10_000,
    level: float = 0.95,
    generator: Generator | None = None,
) -> Interval:
    """Return by how many bits per byte the first model needs more than the second, with its bounds.

    `first` and `second` are the bits that two models spend on the *same* documents, in the same
    order; `sizes` are the documents' bytes. Documents are drawn with replacement, as many as there
    are, `draws` times, and each time the difference is taken on those drawn: a document goes with
    both its scores and its size. The bounds hold the middle `level` of these differences.

    Documents are drawn, not tokens: tokens of one document stand or fall together.

    Raises ValueError when the three are not of equal length, or there are no documents.
    """
    if not len(first) == len(second) == len(sizes) or not len(first):
        raise ValueError(
            "both models are measured on the same documents, at least one: "
            f"{len(first)}, {len(second)} and {len(sizes)} were given"
        )
    picked = torch.randint(len(first), (draws, len(first)), generator=generator).to(first.device)
    gaps = (first - second).double()
    drawn = gaps[picked].sum(1) / sizes.double()[picked].sum(1)
    tail = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=drawn.dtype, device=drawn.device)
    low, high = drawn.quantile(tail).tolist()
    return Interval((gaps.sum() / sizes.sum()).item(), low, high)
