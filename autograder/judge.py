"""Judges: how what an answer showed is compared with what the reference shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import close, difference
from autograder.observation import Observation
from autograder.words import Words

Seen = Sequence[Observation]


class Judge(Protocol):
    """Finds faults, and tells whether two answers behave alike."""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Say what is wrong with what was seen; None when nothing is."""

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether two observations of the same trial are the same for this judge's purposes."""


def complaint(one: Observation, expected: Observation) -> str | None:
    """Say what is wrong with the way an observation ended, before any output is looked at."""
    if one.raised is None:
        if expected.raised is None:
            return None
        return f"It should refuse this with {expected.raised.kind}: {expected.raised.message}"
    where = f" ({one.raised.where})" if one.raised.where else ""
    # These are not the answer's own errors, whatever was expected of it.
    if one.raised.kind == "WrongWeights":
        return f"Its parameters are not those of the task: {one.raised.message}."
    if one.raised.kind == "TimeUp":
        return f"It was stopped: {one.raised.message}{where}. Is there a loop that never ends?"
    if one.raised.kind == "Skipped":
        return f"Not tried: {one.raised.message}."
    if one.raised.kind == "WireError":
        return f"What it returned cannot be looked at: {one.raised.message}."
    if expected.raised:
        if expected.raised.kind in [one.raised.kind, *one.raised.bases]:
            return None
        return f"It should raise {expected.raised.kind}; it raised {one.raised.kind}."
    if one.raised.kind == "NotImplementedError" and not one.raised.message:
        return "It is not written yet."
    return f"It raised {one.raised.kind}: {one.raised.message}{where}"


class Close:
    """The outputs equal the reference's up to rounding; so do the gradients, where asked for."""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first difference."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right)
            if text is None and right.raised is None:
                text = self.outputs(one, right, words) or gradient_fault(one, right, words)
            if text:
                return text
        return None

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report the first differing output of one trial."""
        for i, (mine, theirs) in enumerate(zip(one.outputs, right.outputs, strict=True)):
            text = difference(mine, theirs, words)
            if text and mine is None:
                text += " Is a `return` missing?"
            if text:
                return (f"After call {i + 1}: " if len(right.outputs) > 1 else "") + text
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare outputs, gradients and the way both ended."""
        if one.raised or other.raised:
            return _raised_alike(one, other)
        return (
            not any(
                difference(a, b, Words("")) for a, b in zip(one.outputs, other.outputs, strict=True)
            )
            and _same_gradients(one.gradients, other.gradients)
            and bool(one.mutated) == bool(other.mutated)
        )


def _raised_alike(one: Observation, other: Observation) -> bool:
    """Whether both raised the same kind of error at the same call."""
    if not one.raised or not other.raised:
        return False
    same = one.raised.kind == other.raised.kind and len(one.outputs) == len(other.outputs)
    # Which weights a module has is told in our own words; the text of other errors is anyone's.
    told = one.raised.kind == "WrongWeights"
    return same and (not told or one.raised.message == other.raised.message)


def gradient_fault(one: Observation, right: Observation, words: Words) -> str | None:
    """Say which gradient is missing or wrong."""
    if right.gradients is None:
        return None
    if one.gradients is None:
        return "The values are right, but no gradient reaches the inputs: it is cut on the way."
    for name, theirs in right.gradients.items():
        mine = one.gradients.get(name)
        given = words.given(name)
        if theirs is None or not theirs.abs().sum():
            continue  # nothing flows here in the reference either
        if mine is None:
            return f"The values are right, but no gradient reaches {given}."
        if mine.shape != theirs.shape or not close(mine, theirs).all():
            how = "has NaN in it" if mine.isnan().any() else "is wrong"
            return f"The values are right, but the gradient with respect to {given} {how}."
    return None


def _same_gradients(
    one: dict[str, Tensor | None] | None, other: dict[str, Tensor | None] | None
) -> bool:
    if one is None or other is None:
        return one is None and other is None
    for name in one.keys() | other.keys():
        mine, theirs = one.get(name), other.get(name)
        mine = mine if mine is None or mine.abs().sum() else None
        theirs = theirs if theirs is None or theirs.abs().sum() else None
        if (mine is None) != (theirs is None):
            return False
        if mine is None or theirs is None:
            continue
        if mine.shape != theirs.shape or not close(mine, theirs).all():
            return False
    return True


@dataclass
class Unmoved(Close):
    """Two trials that differ in something without a say: chosen outputs must not change.

    `select` takes an output and returns the part that must be equal in both trials. `says` explains
    the rule; the numbers that moved are added. What does not move must be right as well.
    """

    says: str
    select: Any

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the change in words, or else whatever is wrong."""
        text = super().fault(seen, expected, words)
        change = self._change(seen)
        # The reference moves too where an earlier mistake is carried forward into it.
        if change is None or (text is None and self._change(expected)):
            return text
        return f"{self.says} It did: {change}."

    def _change(self, seen: Seen) -> str | None:
        """The first number that moved; None if none did, or if there is nothing to compare."""
        try:
            before, after = (self.select(one.outputs[-1]) for one in seen)
            moved = ~close(after, before)
        except (TypeError, IndexError, RuntimeError, AttributeError):
            return None
        if not moved.any():
            return None
        index = tuple(int(i) for i in moved.nonzero()[0])
        return f"{before[index].item():.3g} became {after[index].item():.3g}"


class Undisclosed(Close):
    """A number to be worked out: say in which direction it is off, not what it should be."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report too small or too large."""
        text = super().outputs(one, right, words)
        if text is None:
            return None
        got, expected = one.outputs[0], right.outputs[0]
        if isinstance(got, Tensor) and got.numel() == 1:
            got = got.item()
        if isinstance(got, bool) or not isinstance(got, int | float):
            return "A number is asked."
        return f"{got:,.10g} is too {'small' if got < expected else 'large'}."


@dataclass
class Follows(Close):
    """Outputs drawn at random: ids, whose frequencies must fit the probabilities.

    `probabilities` are those of the outcomes 0, 1, ...; the chi-squared test's false-alarm rate is
    `alpha`. The trial repeats the call; every output is one id.
    """

    probabilities: Tensor
    alpha: float = 1e-9

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report an id that can never be drawn, or frequencies that do not fit."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right)
            if text:
                return text
            drawn = one.outputs[0]
            if not isinstance(drawn, Tensor) or drawn.is_floating_point():
                return "Every draw should be an id (a whole number)."
            drawn = drawn.flatten()
            vocab = len(self.probabilities)
            if drawn.min() < 0 or drawn.max() >= vocab:
                return f"It drew {drawn.max().item()}; the ids go from 0 to {vocab - 1}."
            counts = torch.bincount(drawn, minlength=vocab)
            never = (counts > 0) & (self.probabilities == 0)
            if never.any():
                return f"It drew {int(never.nonzero()[0])}, whose probability is 0."
            if goodness_of_fit(counts, self.probabilities) < self.alpha:
                share = counts / counts.sum()
                worst = int((share - self.probabilities).abs().argmax())
                return (
                    f"Of {int(counts.sum())} draws, {worst} came in {share[worst]:.1%}; its "
                    f"probability is {self.probabilities[worst]:.1%}. Chance alone does this less "
                    f"than once in {1 / self.alpha:.0e} times."
                )
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether the draws of two answers may come from one distribution."""
        if one.raised or other.raised:
            return super().alike(one, other)
        mine, theirs = one.outputs[0], other.outputs[0]
        if not all(isinstance(t, Tensor) and not t.is_floating_point() for t in (mine, theirs)):
            return False
        size = int(max(mine.max(), theirs.max())) + 1
        counts = [torch.bincount(t.flatten().clamp(min=0), minlength=size) for t in (mine, theirs)]
        return homogeneity(*counts) >= self.alpha
