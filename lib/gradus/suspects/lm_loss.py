"""Suspects for lm_loss: each takes (logits, ids, padding, number) and returns one number.

The right ones use the library's `lm_loss` in a roundabout way, so that only the last digits differ.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from gradus.objective import lm_loss as right
from gradus.probability import cross_entropy


def disguise(way: Callable[..., Tensor], number: float) -> Callable[..., Tensor]:
    """Give it the name and the parameters of what it claims to be."""

    def lm_loss(logits: Tensor, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        return way(logits, ids, padding, number)

    return lm_loss


def _real(ids: Tensor, padding: Tensor | None) -> Tensor:
    return torch.ones_like(ids, dtype=torch.bool) if padding is None else padding


def _counts(ids: Tensor, padding: Tensor | None) -> Tensor:
    real = _real(ids, padding)
    return real[:, :-1] & real[:, 1:]


def _mean(logits: Tensor, targets: Tensor, counts: Tensor) -> Tensor:
    return cross_entropy(logits, targets.long().masked_fill(~counts, -100))


def _total(logits: Tensor, ids: Tensor, padding: Tensor | None) -> Tensor:
    return right(logits, ids, padding) * _counts(ids, padding).sum()


def _by(number_of: Callable[[Tensor, Tensor], Any]) -> Callable[..., Tensor]:
    """The sum over all predictions that count, divided by `number_of(ids, what is real)`."""
    return lambda logits, ids, padding, n: (
        _total(logits, ids, padding) / max(1, int(number_of(ids, _real(ids, padding))))
    )


def _padded(change: Callable[[Tensor], Tensor | None]) -> Callable[..., Tensor]:
    return lambda logits, ids, padding, n: right(
        logits, ids, None if padding is None else change(padding)
    )


def _text_by_text(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    pieces = zip(logits.split(1), ids.split(1), _real(ids, padding).split(1), strict=True)
    total = torch.stack([_total(*piece) for piece in pieces]).sum()
    return total / _counts(ids, padding).sum().clamp(min=1)


def _text_means(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    pieces = zip(logits.split(1), ids.split(1), _real(ids, padding).split(1), strict=True)
    return torch.stack([right(*piece) for piece in pieces]).mean()


def _across(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    flat = _real(ids, padding).flatten()
    counts = flat[:-1] & flat[1:]
    return _mean(logits.flatten(0, 1)[:-1], ids.flatten()[1:], counts)


def _twice(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    real = _real(ids, padding)
    return _mean(logits[:, :-2], ids[:, 2:], real[:, :-2] & real[:, 2:])


def _zero_ignored(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    return _mean(logits[:, :-1], ids[:, 1:], _counts(ids, padding) & (ids[:, 1:] != 0))


def _log_of_softmax(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    chosen = logits[:, :-1].softmax(-1).log().gather(-1, ids[:, 1:, None].long()).squeeze(-1)
    counts = _counts(ids, padding)
    return -chosen.masked_fill(~counts, 0).sum() / counts.sum().clamp(min=1)


def _nan(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    losses = F.cross_entropy(logits[:, :-1].mT, ids[:, 1:].long(), reduction="none")
    counts = _counts(ids, padding)
    return (losses * counts).sum() / counts.sum()


def _in_place(logits: Tensor, ids: Tensor, padding: Tensor | None, n: float) -> Tensor:
    loss = right(logits, ids, padding)
    ids[:, 1:][~_counts(ids, padding)] = -100
    return loss


WAYS: dict[str, Callable[..., Any]] = {
    # Right.
    "library": lambda logits, ids, padding, n: right(logits, ids, padding),
    "double": lambda logits, ids, padding, n: right(logits.double(), ids, padding).to(logits.dtype),
    "text by text": _text_by_text,
    "shifted logits": lambda logits, ids, padding, n: right(logits + 3, ids, padding),
    # The shift.
    "not shifted": lambda logits, ids, padding, n: _mean(logits, ids, _real(ids, padding)),
    "to the left": lambda logits, ids, padding, n: _mean(
        logits[:, 1:], ids[:, :-1], _counts(ids, padding)
    ),
    "shifted twice": _twice,
    "across texts": _across,
    # The padding.
    "padding counted": _padded(lambda padding: None),
    "padding inverted": _padded(lambda padding: ~padding),
    "target only": lambda logits, ids, padding, n: _mean(
        logits[:, :-1], ids[:, 1:], _real(ids, padding)[:, 1:]
    ),
    "source only": lambda logits, ids, padding, n: _mean(
        logits[:, :-1], ids[:, 1:], _real(ids, padding)[:, :-1]
    ),
    "zero ignored": _zero_ignored,
    # The mean.
    "summed": lambda logits, ids, padding, n: _total(logits, ids, padding),
    "text means": _text_means,
    "by all": _by(lambda ids, real: real[:, 1:].numel()),
    "by tokens": _by(lambda ids, real: real.sum()),
    "by texts": _by(lambda ids, real: len(ids)),
    "first text": lambda logits, ids, padding, n: right(
        logits[:1], ids[:1], None if padding is None else padding[:1]
    ),
    # The logarithm.
    "softmax twice": lambda logits, ids, padding, n: right(logits.softmax(-1), ids, padding),
    "bits": lambda logits, ids, padding, n: right(logits, ids, padding) / math.log(2),
    "perplexity": lambda logits, ids, padding, n: right(logits, ids, padding).exp(),
    "times": lambda logits, ids, padding, n: right(logits, ids, padding) * n,
    "log of softmax": _log_of_softmax,
    # The rest.
    "nan": _nan,
    "in place": _in_place,
}
