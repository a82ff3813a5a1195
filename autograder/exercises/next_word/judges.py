"""Judges for tables, where the dtype is a case of its own, and for texts drawn at random."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import kind
from autograder.exercises import seeds
from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words


def _is_ids(output: object) -> bool:
    return isinstance(output, Tensor) and output.dtype == torch.int64 and output.dim() == 1


def _kind(output: object) -> str:
    if not isinstance(output, Tensor):
        return kind(output)
    dtype = str(output.dtype).removeprefix("torch.")
    return f"a tensor of shape {tuple(output.shape)} and dtype {dtype}"


class AnyDtype(Close):
    """The numbers must be right; one misunderstanding of the dtype shall not cost every case."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Compare in the reference's dtype, where that loses nothing."""
        return super().outputs(self._like(one, right), right, words)

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare in one dtype."""
        return super().alike(self._like(one, other), other)

    def _like(self, one: Observation, other: Observation) -> Observation:
        pairs = zip(one.outputs, other.outputs, strict=False)
        return replace(one, outputs=[self._cast(*pair) for pair in pairs])

    def _cast(self, output: Any, model: Any) -> Any:
        if isinstance(output, Tensor) and isinstance(model, Tensor):
            cast = output.to(model.dtype)
            if torch.equal(cast.double(), output.double()) or model.is_floating_point():
                return cast
        return output


@dataclass
class Chain(Close):
    """Every pair of neighbours comes as often as the table says: a chi-squared test for each row.

    `table` holds the probabilities and `start` the token before the first. `alpha` is the rate of
    false alarms of each test.
    """

    table: Tensor
    start: int
    alpha: float = 1e-9

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report a pair that cannot be, or frequencies that do not fit."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self.text_fault(one.outputs[0], len(right.outputs[0]))
            if text:
                return text
        return None

    def text_fault(self, ids: Tensor, length: int) -> str | None:
        """Report what is wrong with one text."""
        vocab = len(self.table)
        if not _is_ids(ids):
            return f"It should return one row of ids (int64), not {_kind(ids)}."
        if len(ids) != length:
            return f"{length} tokens were asked for; it returned {len(ids)}."
        if ids.min() < 0 or ids.max() >= vocab:
            return f"It wrote token {int(ids.max())}; the ids go from 0 to {vocab - 1}."
        counts = self.counts(ids)
        never = ((counts > 0) & (self.table == 0)).nonzero()
        if len(never):
            token, following = never[0].tolist()
            return f"After token {token} it wrote {following}, whose probability there is 0."
        for token in range(vocab):
            if goodness_of_fit(counts[token], self.table[token]) < self.alpha:
                share = counts[token] / counts[token].sum()
                worst = int((share - self.table[token]).abs().argmax())
                return (
                    f"After token {token}, {int(counts[token].sum())} draws: {worst} came in "
                    f"{share[worst]:.0%} of them, and its probability there is "
                    f"{self.table[token, worst]:.0%}. Chance alone does this less than once in "
                    "1,000,000,000 times."
                )
        unseen = (counts.sum(1) == 0).nonzero().flatten().tolist()
        return f"In {length} draws, token {unseen[0]} never came." if unseen else None

    def counts(self, ids: Tensor) -> Tensor:
        """Count the pairs, that of the start and the first token included."""
        vocab = len(self.table)
        ids = torch.cat([torch.tensor([self.start]), ids]).clamp(0, vocab - 1)
        return torch.bincount(ids[:-1] * vocab + ids[1:], minlength=vocab**2).view(vocab, vocab)

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether the pairs in two texts may come from one table."""
        if one.raised or other.raised or not one.outputs or not other.outputs:
            return super().alike(one, other)
        mine, theirs = one.outputs[0], other.outputs[0]
        if not (_is_ids(mine) and _is_ids(theirs)):
            return type(mine) is type(theirs) and getattr(mine, "dtype", 0) == getattr(
                theirs, "dtype", 0
            )
        if len(mine) != len(theirs):
            return False
        rows = zip(self.counts(mine), self.counts(theirs), strict=True)
        return all(
            homogeneity(a, b) >= self.alpha if a.any() and b.any() else not a.any() and not b.any()
            for a, b in rows
        )


class Seeds(seeds.Seeds):
    """A seed decides the text."""

    differently, alike_with = "led to different texts", "led to the same text"

    def form(self, one: Observation, right: Observation) -> str | None:
        """Report what is no text of the length that was asked for."""
        drawn, asked = one.outputs[0], len(right.outputs[0])
        if not _is_ids(drawn):
            return f"It should return {asked} ids (int64) in one row, not {_kind(drawn)}."
        if len(drawn) != asked:
            return f"{asked} tokens were asked for; it returned {len(drawn)}."
        return None
