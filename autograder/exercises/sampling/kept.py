"""Helpers for wrong filters: what the right ones keep, and how to spoil the result."""

import torch
from torch import Tensor, zeros_like

INF = torch.inf


def ranked(scores: Tensor) -> Tensor:
    """Ids from the highest score to the lowest, the lower id first where two are equal."""
    return scores.argsort(dim=-1, descending=True, stable=True)


def drop(logits: Tensor, dropped: Tensor, fill: float = -INF) -> Tensor:
    """Rule out where `dropped` is True."""
    return logits.masked_fill(dropped, fill)


def drop_ranks(logits: Tensor, order: Tensor, dropped: Tensor) -> Tensor:
    """Rule out by rank: `dropped` says for the first, second, ... token of `order`."""
    return drop(logits, zeros_like(dropped).scatter(-1, order, dropped))


def mass_before(shares: Tensor, order: Tensor) -> Tensor:
    """The mass of all tokens that come earlier in the order; -1 for the first."""
    before = shares.gather(-1, order).cumsum(-1).roll(1, -1)
    before[:, 0] = -1
    return before


def check_share(p: float) -> None:
    """Refuse what is not between 0 and 1."""
    if not 0 <= p <= 1:
        raise ValueError("choose p from 0 to 1")
