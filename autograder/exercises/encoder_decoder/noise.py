"""The judge of span_noise_mask: exact numbers, and chi-squared tests for what is drawn.

Where the spans stand is anybody's; how many there are, and how likely each way of cutting, is not.
"""

from dataclasses import dataclass
from math import comb

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import kind
from autograder.exercises import seeds
from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

ALPHA = 1e-9  # rate of false alarms of each test
RARE = "Chance alone does this less than once in 1,000,000,000 times."
SHORT = 12  # masks up to this length are counted one by one


def starts(masks: Tensor) -> Tensor:
    """True at the first token of each span."""
    return masks & ~torch.nn.functional.pad(masks[:, :-1], (1, 0))


@dataclass
class Noise(Close):
    """Masks of spans: `numbers` holds (length, hidden tokens, spans) for each trial.

    With `uniform`, every mask with these numbers has to be as likely as every other.
    """

    numbers: list[tuple[int, int, int]]
    uniform: bool = False

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first number that is wrong, then frequencies that do not fit."""
        # The house rules look at single trials of the first kind.
        numbers = (self.numbers * len(seen))[: len(seen)]
        for one, right, (length, hidden, spans) in zip(seen, expected, numbers, strict=True):
            text = complaint(one, right)
            if text is None and not right.raised:
                text = self.mask_fault(one.outputs[0], length, hidden, spans)
                text = text and f"{length} tokens, of which {hidden} should be hidden: {text}"
            if text:
                return text
        return None

    def mask_fault(self, output: object, length: int, hidden: int, spans: int) -> str | None:
        """Report what is wrong with one trial's masks."""
        if not isinstance(output, Tensor):
            return f"it should return a tensor, not {kind(output)}."
        if output.dtype != torch.bool:
            return f"the mask should be of booleans, not {str(output.dtype)[6:]}."
        if output.shape[-1:] != (length,):
            return f"the mask says something about {tuple(output.shape)[-1:]} tokens."
        masks = output.reshape(-1, length)
        counts = masks.sum(1)
        if (counts != hidden).any():
            low, high = int(counts.min()), int(counts.max())
            return f"it hides {low if low == high else f'{low} to {high}'}."
        found = starts(masks).sum(1)
        if (found != spans).any():
            low, high = int(found.min()), int(found.max())
            some = low if low == high else f"between {low} and {high}"
            return f"they should be in {spans} {_spans(spans)}; there are {some}."
        if masks[:, 0].any():
            return "the first token is hidden, and should never be."
        if not masks[:, -1].all():
            return "the last token is kept, and never should be."
        return self.chance_fault(masks, hidden, spans) if self.uniform else None

    def chance_fault(self, masks: Tensor, hidden: int, spans: int) -> str | None:
        """Report ways of cutting that are too rare or too frequent."""
        length = masks.shape[1]
        ways = comb(hidden - 1, spans - 1) * comb(length - hidden - 1, spans - 1)
        counts = codes(masks).unique(return_counts=True)[1]
        counts = torch.cat([counts, torch.zeros(ways - len(counts))])
        if goodness_of_fit(counts, torch.ones(ways)) >= ALPHA:
            return None
        return (
            f"there are {ways} ways to cut them into {spans} {_spans(spans)}, all as likely; in "
            f"{len(masks)} draws one of them came {int(counts.max())} times, and another "
            f"{int(counts.min())} times. {RARE}"
        )

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether two answers draw in the same manner, whatever they draw."""
        if one.raised or other.raised:
            return super().alike(one, other)
        mine, theirs = one.outputs[0], other.outputs[0]
        if not isinstance(mine, Tensor) or not isinstance(theirs, Tensor):
            return type(mine) is type(theirs)
        if mine.shape != theirs.shape or mine.dtype != theirs.dtype or not mine.numel():
            return mine.shape == theirs.shape and mine.dtype == theirs.dtype
        if bool(one.drew) != bool(other.drew):
            return False
        return all(
            _same_counts(a, b) for a, b in zip(_features(mine), _features(theirs), strict=True)
        )


def codes(masks: Tensor) -> Tensor:
    """A number for each mask; only for short ones."""
    return (masks * 2 ** torch.arange(masks.shape[1])).sum(1)


def _spans(count: int) -> str:
    return "span" if count == 1 else "spans"


def _features(output: Tensor) -> list[Tensor]:
    """What tells manners of drawing apart: numbers, ends, and the masks themselves if short."""
    masks = output.reshape(-1, output.shape[-1]).bool()
    found = [masks.sum(1), starts(masks).sum(1), masks[:, 0], masks[:, -1]]
    return found + [codes(masks)] * (masks.shape[1] <= SHORT)


def _same_counts(mine: Tensor, theirs: Tensor) -> bool:
    """Whether the values of two features may come from one distribution."""
    values, places = torch.cat([mine, theirs]).unique(return_inverse=True)
    counts = [torch.bincount(p, minlength=len(values)) for p in places.split(len(mine))]
    if len(mine) < 20:  # too few draws to tell anything but what never varies
        return bool(((counts[0] > 0) & (counts[1] > 0)).any())
    return homogeneity(*counts) >= ALPHA


class Seeds(seeds.Seeds):
    """A seed decides where the spans are."""

    differently, alike_with = "hid different tokens", "hid the same tokens"

    def form(self, one: Observation, right: Observation) -> str | None:
        """Report what is no row."""
        if not isinstance(one.outputs[0], Tensor) or one.outputs[0].dim() != 1:
            return "It should return a row of booleans."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare the masks: with a seed, they are the same for the same code only."""
        return super().alike(one, other) and bool(one.drew) == bool(other.drew)
