"""Slips: ways to be wrong in any exercise, recognised by their effect on the output."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from autograder.compare import close
from autograder.verdict import Diagnosis

if TYPE_CHECKING:
    from autograder.diagnosis import Evidence

FACTORS = {
    -1.0: ("The sign is flipped.", "Is something subtracted the wrong way round?"),
    8.0: ("It counts bits where bytes are asked.", "Which unit does the task name?"),
    1 / 8: ("It counts bytes where bits are asked.", "Which unit does the task name?"),
    1024.0: ("It is too large by 1024.", "Is a unit (KiB, MiB, GiB) converted once too often?"),
    1 / 1024: ("It is too small by 1024.", "Which unit does the task name?"),
    1000.0: ("It is too large by 1000.", "Is a unit (thousand, million) converted once too often?"),
    1e-3: ("It is too small by 1000.", "Which unit does the task name?"),
    2**30 / 1e9: ("It mixes GB and GiB.", "Is a gigabyte 10^9 bytes here, or 2^30?"),
    1e9 / 2**30: ("It mixes GiB and GB.", "Is a gigabyte 10^9 bytes here, or 2^30?"),
    2.0: ("It is twice as large as it should be.", "Is something counted double?"),
    0.5: ("It is half of what it should be.", "Is something counted once that comes in pairs?"),
    1 / math.log(2): ("It is in bits, not nats.", "Which logarithm does the task mean?"),
    math.log(2): ("It is in nats, not bits.", "Which logarithm does the task mean?"),
    100.0: ("It is in per cent.", "Is a share asked, from 0 to 1?"),
}

Change = Callable[[Tensor], Tensor]
CHANGES: list[tuple[Change, str, str]] = [
    (
        lambda t: t.mT if t.dim() > 1 else t,
        "The last two axes are swapped.",
        "Which axis comes first?",
    ),
    (lambda t: ~t, "True and False are exchanged.", "What does True stand for in this mask?"),
    (lambda t: t.flip(-1), "The last axis is in reverse order.", "In which order do they come?"),
    (lambda t: t.roll(1, -1), "It is shifted by one to the right.", "Where does counting start?"),
    (lambda t: t.roll(-1, -1), "It is shifted by one to the left.", "Where does counting start?"),
    (lambda t: t.roll(1, -2), "It is shifted by one row down.", "Where does counting start?"),
    (lambda t: t.roll(-1, -2), "It is shifted by one row up.", "Where does counting start?"),
    (lambda t: _whole(t) + 1, "Everything is too large by one.", "Does counting start at 0 or 1?"),
    (lambda t: _whole(t) - 1, "Everything is too small by one.", "Does counting start at 0 or 1?"),
    (
        lambda t: torch.cat([t[:1], torch.zeros_like(t[1:])]),
        "Only the first of the batch is computed; the others are zero.",
        "Is there an index 0, or a loop that stops early?",
    ),
    (
        lambda t: t[:1].expand_as(t),
        "Every member of the batch gets the result of the first.",
        "Is there an index 0 where the whole batch is meant?",
    ),
    (torch.zeros_like, "It returns zeros.", "Is the result ever written to?"),
    (torch.ones_like, "It returns ones.", "Is the result ever written to?"),
]


def _whole(t: Tensor) -> Tensor:
    """Only what was counted can be counted from the wrong end: TypeError for other numbers."""
    if t.is_floating_point() and not torch.equal(t, t.round()):
        raise TypeError("these numbers are not counts")
    return t


def slip(evidence: Sequence["Evidence"]) -> Diagnosis | None:
    """Name the one slip that explains every wrong output; None if there is none."""
    pairs = _wrong_pairs(evidence)
    if not pairs:
        return None
    for change, name, look in CHANGES:
        if all(_explained(change, got, right) for got, right in pairs):
            return Diagnosis(name, look, 1.0)
    for factor, (name, look) in FACTORS.items():
        if all(_explained(partial(torch.mul, other=factor), got, right) for got, right in pairs):
            return Diagnosis(name, look, 1.0)
    if len(pairs) > 1 and all(_equal(got, pairs[0][0]) for got, _ in pairs):
        return Diagnosis(
            "It returns the same thing whatever it is given.", "Is a result written down?", 1.0
        )
    if all(_dtype_only(got, right) for got, right in pairs):
        return Diagnosis("The values are right, in another dtype.", "What dtype do you return?", 1)
    return None


def _wrong_pairs(evidence: Sequence["Evidence"]) -> list[tuple[Tensor, Tensor]]:
    """All differing outputs beside the right ones; empty if any trial ended otherwise."""
    pairs = []
    for e in evidence:
        for one, right in zip(e.seen, e.expected, strict=True):
            if one.raised or right.raised or len(one.outputs) != len(right.outputs):
                return []
            for got, expected in zip(_flat(one.outputs), _flat(right.outputs), strict=False):
                if not _equal(got, expected):
                    pairs.append((got, expected))
    return pairs


def _flat(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, bool) or not isinstance(value, int | float | list | tuple):
        return []
    if isinstance(value, int | float):
        return [torch.tensor(float(value), dtype=torch.float64)]
    return [tensor for item in value for tensor in _flat(item)]


def _equal(one: Tensor, other: Tensor) -> bool:
    same = one.shape == other.shape and one.dtype == other.dtype
    return same and bool(close(one, other).all())


def _explained(change: Change, got: Tensor, right: Tensor) -> bool:
    try:
        changed = change(right)
    except (RuntimeError, IndexError, TypeError):
        return False
    # A change that changes nothing explains nothing.
    return not _equal(changed, right) and _equal(got, changed.to(right.dtype))


def _dtype_only(got: Tensor, right: Tensor) -> bool:
    if got.dtype == right.dtype or got.shape != right.shape:
        return False
    return bool(torch.isclose(got.double(), right.double(), rtol=2e-2, atol=1e-5).all())
