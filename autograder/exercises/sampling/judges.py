"""Judges for what filters keep, for what is drawn, and for what seeds decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from autograder.exercises import seeds
from autograder.judge import Close, Follows, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

MOST_NAMED = 12  # a vocabulary of more tokens is told by number, not by name


class Kept(Close):
    """Says which tokens a filter should have kept, and which it kept."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report the first row in which another set of tokens is left."""
        text = super().outputs(one, right, words)
        mine, theirs = one.outputs[0], right.outputs[0]
        if text is None or not _alike_in_kind(mine, theirs):
            return text
        left, should = mine.isfinite(), theirs.isfinite()
        rows = (left != should).any(-1).nonzero().flatten().tolist()
        if not rows:
            return text
        row = rows[0]
        if mine[row].isnan().any():
            return f"In row {row} there are NaNs."
        if mine.shape[-1] <= MOST_NAMED:
            named = [t[row].nonzero().flatten().tolist() for t in (should, left)]
            return f"In row {row}, {_listed(*named)}."
        counts = int(should[row].sum()), int(left[row].sum())
        return f"In row {row}, {counts[0]} tokens should be left; {counts[1]} are."


def _alike_in_kind(mine: Any, theirs: Any) -> bool:
    both = isinstance(mine, Tensor) and isinstance(theirs, Tensor)
    return both and mine.shape == theirs.shape and mine.dtype == theirs.dtype and mine.dim() == 2


def _listed(should: list[int], left: list[int]) -> str:
    names = [", ".join(map(str, ids)) or "none" for ids in (should, left)]
    return f"these tokens should be left (all others -inf): {names[0]}. Left are: {names[1]}"


def _no_ids(one: Observation, right: Observation) -> str | None:
    mine, theirs = one.outputs[0], right.outputs[0]
    if not isinstance(mine, Tensor) or mine.dtype != torch.int64:
        return "It should return ids (int64)."
    if mine.shape != theirs.shape:
        return f"The shape should be {tuple(theirs.shape)}; it is {tuple(mine.shape)}."
    return None


@dataclass
class Drawn(Follows):
    """Ids drawn for many rows at once; `outcome` makes one number of each draw."""

    outcome: Callable[[Tensor], Tensor] = torch.flatten

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report another shape or dtype, else what `Follows` finds."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or _no_ids(one, right)
            if text:
                return text
        outcomes = [self._outcomes(one) for one in seen]
        return super().fault(outcomes, [self._outcomes(one) for one in expected], words)

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether both are of one shape, and may be drawn from one distribution."""
        if one.raised or other.raised:
            return super().alike(one, other)
        pair = one.outputs[0], other.outputs[0]
        if not all(isinstance(t, Tensor) for t in pair) or pair[0].shape != pair[1].shape:
            return False
        if pair[0].dtype != torch.int64 or pair[1].dtype != torch.int64:
            return bool(pair[0].dtype == pair[1].dtype)
        return super().alike(self._outcomes(one), self._outcomes(other))

    def _outcomes(self, one: Observation) -> Observation:
        return replace(one, outputs=[self.outcome(one.outputs[0])])


class Seeds(seeds.Seeds):
    """A seed decides what is drawn."""

    differently, alike_with = "led to different tokens", "led to the same tokens"

    def form(self, one: Observation, right: Observation) -> str | None:
        """Report another shape or dtype."""
        return _no_ids(one, right)
