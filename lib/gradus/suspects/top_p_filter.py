"""Suspects for top_p_filter: each takes (logits, p, number) and returns logits.

The right ones use the library's `top_p_filter` in a roundabout way.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gradus.filters import top_p_filter as right

INF = float("inf")


def disguise(way: Callable[..., Tensor], number: float) -> Callable[..., Tensor]:
    """Give it the name and the parameters of what it claims to be."""

    def top_p_filter(logits: Tensor, p: float) -> Tensor:
        return way(logits, p, number)

    return top_p_filter


def _sorted(logits: Tensor, descending: bool = True) -> tuple[Tensor, Tensor]:
    """Probabilities, likeliest first, and the tokens in that order."""
    return logits.softmax(-1).sort(dim=-1, descending=descending, stable=True)


def _ruled_out(logits: Tensor, order: Tensor, out: Tensor) -> Tensor:
    return logits.masked_fill(torch.zeros_like(out).scatter(-1, order, out), -INF)


def _stays(
    keeps: Callable[[Tensor, Tensor, float], Tensor], descending: bool = True
) -> Callable[..., Tensor]:
    """Keep by the mass up to a token (itself included), and by its own; the first in any case."""

    def way(logits: Tensor, p: float, n: float) -> Tensor:
        right(logits, p)  # refuses what is no share
        if p == 1:
            return logits.clone()
        shares, order = _sorted(logits, descending)
        out = ~keeps(shares.cumsum(-1), shares, p)
        out[..., 0] = False
        return _ruled_out(logits, order, out)

    return way


def _empty(logits: Tensor, p: float, n: float) -> Tensor:
    shares, order = _sorted(logits)
    return right(logits, p) if p in (0, 1) else _ruled_out(logits, order, shares.cumsum(-1) > p)


def _unsorted(logits: Tensor, p: float, n: float) -> Tensor:
    if p in (0, 1):
        return right(logits, p)
    shares = logits.softmax(-1)
    return logits.masked_fill(shares.cumsum(-1) - shares >= p, -INF)


def _not_put_back(logits: Tensor, p: float, n: float) -> Tensor:
    kept = right(_sorted(logits)[0].log(), p) > -INF
    return logits.masked_fill(~kept, -INF)


def _in_place(logits: Tensor, p: float, n: float) -> Tensor:
    with torch.no_grad():
        return logits.copy_(right(logits, p))


def _zeros(logits: Tensor, p: float, n: float) -> Tensor:
    kept = right(logits, p)
    return kept.masked_fill(kept == -INF, 0)


def _first_row(logits: Tensor, p: float, n: float) -> Tensor:
    kept = right(logits, p)[:1] > -INF
    return logits.masked_fill(~kept, -INF)


def _takes_anything(logits: Tensor, p: float, n: float) -> Tensor:
    return right(logits, min(max(p, 0.0), 1.0))


def _padded(logits: Tensor, p: float, n: float) -> Tensor:
    wide = torch.nn.functional.pad(logits, (0, 3), value=-INF)
    return right(wide, p)[..., :-3]


WAYS: dict[str, Callable[..., Any]] = {
    # Right.
    "library": lambda logits, p, n: right(logits, p),
    "double": lambda logits, p, n: logits.masked_fill(right(logits.double(), p) == -INF, -INF),
    "padded": _padded,
    "row by row": lambda logits, p, n: torch.cat([right(row[None], p) for row in logits]),
    # The bound.
    "empty": _empty,
    "crossing lost": _stays(lambda mass, own, p: mass <= p),
    "one more": _stays(lambda mass, own, p: (mass - own).roll(1, -1) < p),
    "of the rest": _stays(lambda mass, own, p: mass - own < 1 - p),
    "nothing summed": _stays(lambda mass, own, p: own >= 1 - p),
    "a little less": lambda logits, p, n: right(logits, p if p in (0, 1) else p * n),
    # The order.
    "from below": _stays(lambda mass, own, p: mass - own < p, descending=False),
    "unsorted": _unsorted,
    "not put back": _not_put_back,
    "sorted away": lambda logits, p, n: right(logits.sort(dim=-1, descending=True)[0], p),
    # The rows.
    "first row": _first_row,
    "over the batch": lambda logits, p, n: logits.masked_fill(
        right(logits.softmax(0).log(), p) == -INF, -INF
    ),
    # What is returned.
    "probabilities": lambda logits, p, n: right(logits, p).softmax(-1),
    "log-probabilities": lambda logits, p, n: right(logits, p).log_softmax(-1),
    "zeros": _zeros,
    "in place": _in_place,
    # The ends.
    "nothing at 0": lambda logits, p, n: right(logits, p) if p else torch.full_like(logits, -INF),
    "tail lost at 1": lambda logits, p, n: right(logits, 0.9999 if p == 1 else p),
    "takes anything": _takes_anything,
}
