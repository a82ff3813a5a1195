"""The judge of dropout: an exact law for every number, chi-squared tests for how often it falls.

Which numbers are dropped is anybody's; that each is 0 or x / (1 - p) is not.
"""

from dataclasses import dataclass, replace
from math import comb

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import close, kind
from autograder.exercises import seeds
from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

ALPHA = 1e-9  # rate of false alarms of each test
RARE = "Chance alone does this less than once in 1,000,000,000 times."
AXES = ("call", "batch", "position", "number")


@dataclass
class Dropped(Close):
    """Numbers that are set to 0 with probability p by themselves, or divided by 1 - p.

    `x` is what was given. A trial that is repeated has one axis more in front, for the calls.
    """

    x: Tensor
    p: float

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first law that is broken."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self.output_fault(one.outputs[-1], right.outputs[-1])
            text = text or self.gradient_fault(one, right)
            if text:
                return text
        return None

    def output_fault(self, output: object, right: Tensor) -> str | None:
        """Report what is wrong with one result."""
        if not isinstance(output, Tensor):
            return f"It should return a tensor, not {kind(output)}."
        if output.shape != right.shape:
            return f"The shape should be {tuple(right.shape)}; it is {tuple(output.shape)}."
        if output.dtype != right.dtype:
            return f"The dtype should be {right.dtype}; it is {output.dtype}."
        given = self.x.to(right.dtype).expand_as(right)
        kept = output != 0
        wrong = kept & ~close(output, given / (1 - self.p))
        if wrong.any():
            at = tuple(wrong.nonzero()[0].tolist())
            return (
                f"With p={self.p}, {given[at].item():.4g} should become 0 or "
                f"{given[at].item() / (1 - self.p):.4g}; it became {output[at].item():.4g}."
            )
        return self.frequency_fault(kept)

    def frequency_fault(self, kept: Tensor) -> str | None:
        """Report frequencies that do not fit p, or numbers that fall together."""
        fallen = int((~kept).sum())
        counts = torch.tensor([fallen, kept.numel() - fallen])
        if goodness_of_fit(counts, torch.tensor([self.p, 1 - self.p])) < ALPHA:
            return (
                f"{fallen / kept.numel():.1%} of the numbers were dropped; with p={self.p} it "
                f"should be about {self.p:.0%}. {RARE}"
            )
        names = AXES[-kept.dim() :]
        for dim in together(kept, self.p):
            return (
                f"Neighbours along the {names[dim]} axis are not dropped by themselves: "
                f"whether one is dropped tells about the next. {RARE}"
            )
        if always_as_many(kept, self.p):
            return f"The number of numbers dropped hardly varies from call to call. {RARE}"
        return None

    def gradient_fault(self, one: Observation, right: Observation) -> str | None:
        """Report a gradient that is cut, or that reaches numbers that were dropped."""
        if right.gradients is None:
            return None
        theirs = right.gradients["0/0"]
        mine = None if one.gradients is None else one.gradients["0/0"]
        if mine is None or theirs is None:
            return "The values are right, but no gradient reaches x: it is cut on the way."
        kept, also = one.outputs[-1] != 0, right.outputs[-1] != 0
        both = kept & also
        if mine[~kept].any() or not close(mine[both], theirs[both]).all():
            return "The values are right, but the gradient with respect to x is wrong."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether two answers drop in the same manner, whichever numbers they drop."""
        if one.raised or other.raised:
            return super().alike(one, other)
        mine, theirs = one.outputs[-1], other.outputs[-1]
        if not isinstance(mine, Tensor) or not isinstance(theirs, Tensor):
            return type(mine) is type(theirs)
        if mine.shape != theirs.shape or mine.dtype != theirs.dtype:
            return False
        if bool(one.mutated) != bool(other.mutated) or self.cut(one) != self.cut(other):
            return False
        return self.manner(mine) == self.manner(theirs) and self.same_share(mine, theirs)

    def cut(self, one: Observation) -> bool:
        """Whether no gradient arrives at numbers that were kept."""
        gradient = None if one.gradients is None else one.gradients.get("0/0")
        return gradient is None or not gradient.any()

    def manner(self, output: Tensor) -> object:
        """What numbers become, which ones fall together, and whether their number varies."""
        ratio = (output / self.x.to(output.dtype).expand_as(output)).float()
        kinds = torch.unique((ratio * 100).round().nan_to_num(7e7))
        kept = output != 0
        few = kinds.tolist() if len(kinds) < 10 else "many"
        share = kept.double().mean().item()
        return few, together(kept, 1 - share), always_as_many(kept, 1 - share)

    def same_share(self, mine: Tensor, theirs: Tensor) -> bool:
        """Whether one probability may have dropped both."""
        counts = [torch.tensor([(t == 0).sum(), (t != 0).sum()]) for t in (mine, theirs)]
        return homogeneity(*counts) >= ALPHA


def together(kept: Tensor, p: float) -> list[int]:
    """The axes along which neighbours fall together or apart, more than chance lets them."""
    found = []
    probabilities = torch.tensor([p * p, p * (1 - p), (1 - p) * p, (1 - p) ** 2])
    for dim in range(kept.dim()):
        pairs = kept.long().narrow(dim, 0, kept.shape[dim] // 2 * 2).unflatten(dim, (-1, 2))
        first, second = pairs.unbind(dim + 1)
        counts = torch.bincount((2 * first + second).flatten(), minlength=4)
        if 0 < p < 1 and goodness_of_fit(counts, probabilities) < ALPHA:
            found.append(dim)
    return found


def always_as_many(kept: Tensor, p: float) -> bool:
    """Whether the number dropped in each call has another distribution than the binomial."""
    fallen = (~kept).flatten(1).sum(1)
    n = kept[0].numel()
    if n > 30 or not 0 < p < 1:  # the counts of few, large calls tell little
        return False
    wanted = torch.tensor([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])
    return goodness_of_fit(torch.bincount(fallen, minlength=n + 1), wanted) < ALPHA


class Finite(Close):
    """Values as in `Close`; gradients need only be finite, since 0 may well be a constant."""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report wrong values, then gradients that cannot be used."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self.outputs(one, right, words)
            if text:
                return text
            if not _finite(one):
                return "The values are right, but the gradient is not finite: inf, or no number."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare values, and whether the gradients are finite."""
        without = [replace(o, gradients=None) for o in (one, other)]
        return super().alike(*without) and _finite(one) == _finite(other)


def _finite(one: Observation) -> bool:
    found = (one.gradients or {}).values()
    return all(gradient is None or bool(gradient.isfinite().all()) for gradient in found)


class Seeds(seeds.Seeds):
    """A seed decides what is dropped."""

    differently, alike_with = "dropped different numbers", "dropped the same numbers"

    def form(self, one: Observation, right: Observation) -> str | None:
        """Report another shape."""
        output, shape = one.outputs[0], right.outputs[0].shape
        if not isinstance(output, Tensor) or output.shape != shape:
            return f"It should return a tensor of shape {tuple(shape)}."
        return None
