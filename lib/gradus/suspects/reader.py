"""Suspects for a reader: a little language model, with eyes where some should not have them.

Each way says how much position i (row) takes of token j (column). The reader takes ids of shape
(batch, seq) and gives logits of shape (batch, seq, vocab).
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

VOCAB = 7


def disguise(way: Callable[[Tensor, float], Tensor], number: float) -> Callable[..., Tensor]:
    """Give it the name and the parameters of what it claims to be."""
    table = torch.randn(VOCAB, VOCAB, generator=torch.Generator().manual_seed(5))

    def reader(ids: Tensor) -> Tensor:
        place = torch.arange(ids.shape[-1])
        return way(place[:, None] - place, number).float() @ table[ids.cpu()]

    return reader


WAYS: dict[str, Callable[..., Any]] = {
    "itself": lambda age, n: age == 0,
    "past": lambda age, n: (age >= 0) * 0.5 ** age.clamp(min=0),
    "one ahead": lambda age, n: (age >= -1) * 0.8 ** age.abs(),
    "everything": lambda age, n: 0.7 ** age.abs(),
    "window": lambda age, n: (age >= 0) & (age < n),
    "far ahead": lambda age, n: (age == 0) + 0.5 * (age == -n),
}
