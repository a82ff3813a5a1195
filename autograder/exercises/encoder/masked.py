"""The judge of mlm_mask: exact laws for every token, chi-squared tests for how often.

Which tokens are chosen, and what becomes of them, is anybody's. How often is not.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import kind
from autograder.exercises.block.dropped import always_as_many, together
from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

ALPHA = 1e-9  # rate of false alarms of each test
RARE = "Chance alone does this less than once in 1,000,000,000 times."
FATES = ("became the mask", "stayed as they were", "became another id")
MOST_KNOWN = 64  # observations whose manner is remembered: each is compared with many others

Manner = tuple[object, list[Tensor]]


@dataclass
class Masked(Close):
    """Inputs and labels made of `ids`, where `may_change` allows; `p` holds one number a trial.

    A trial that is repeated has one axis more in front, for the calls.
    """

    ids: Tensor
    may_change: Tensor
    mask_id: int
    vocab: int
    p: tuple[float, ...] = (0.15,)
    known: dict[int, tuple[Observation, Manner]] = field(default_factory=dict, repr=False)

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first law that is broken."""
        for one, right, p in zip(seen, expected, self.p, strict=True):
            text = complaint(one, right) or self.shape_fault(one, right)
            text = text or self.token_fault(*both(one)) or self.frequency_fault(*both(one), p)
            if text:
                return text
        return None

    def shape_fault(self, one: Observation, right: Observation) -> str | None:
        """Report what is no pair of tensors like ids."""
        got, wanted = one.outputs[-1], right.outputs[-1]
        if not isinstance(got, tuple | list) or len(got) != 2:
            return f"It should return two tensors, inputs and labels, not {kind(got)}."
        for name, part, like in zip(("inputs", "labels"), got, wanted, strict=True):
            if not isinstance(part, Tensor):
                return f"The {name} should be a tensor, not {kind(part)}."
            if part.shape != like.shape:
                return f"The {name} should have the shape {tuple(like.shape)}, as ids have."
            if part.dtype != like.dtype:
                return f"The {name} should be of dtype {like.dtype}, as ids are, not {part.dtype}."
        return None

    def token_fault(self, inputs: Tensor, labels: Tensor) -> str | None:
        """Report the first token that is not as it should be."""
        ids, may = self.ids.expand_as(inputs), self.may_change.expand_as(inputs)
        chosen = labels != -100
        checks = (
            (~may & chosen & (labels == ids), "it may not change, but it has a label"),
            (~may & (inputs != ids), "it may not change, but it became {input}"),
            (chosen & (labels != ids), "token {id} stood there, but its label is {label}"),
            (~chosen & (inputs != ids), "token {id} became {input}, but it has no label"),
        )
        for wrong, says in checks:
            if wrong.any():
                at = tuple(wrong.nonzero()[0].tolist())
                told = says.format(
                    id=int(ids[at]), input=self._named(inputs[at]), label=self._named(labels[at])
                )
                return f"At batch {at[-2]}, position {at[-1]}: {told}."
        return None

    def _named(self, one: Tensor) -> str:
        return "the mask" if one == self.mask_id else str(int(one))

    def frequency_fault(self, inputs: Tensor, labels: Tensor, p: float) -> str | None:
        """Report frequencies that do not fit, or tokens that are chosen together."""
        chosen, may = labels != -100, self.may_change.expand_as(inputs)
        counts = torch.stack([(chosen & may).sum(), (~chosen & may).sum()])
        share = counts[0] / counts.sum()
        # An outcome that cannot be is not rare: its first occurrence is one too many.
        never = (p == 0 and counts[0]) or (p == 1 and counts[1])
        if never or goodness_of_fit(counts, torch.tensor([p, 1 - p])) < ALPHA:
            return (
                f"{share:.1%} of the tokens that may change were chosen; with p={p} it should be "
                f"about {p:.0%}. {RARE}"
            )
        fates = self.fates(inputs, labels)
        again = 0.1 / self.vocab  # a random id may be the one that stood there
        if goodness_of_fit(fates, torch.tensor([0.8, 0.1 + again, 0.1 - again])) < ALPHA:
            shares = (fates / fates.sum()).tolist()
            told = ", ".join(f"{s:.1%} {fate}" for s, fate in zip(shares, FATES, strict=True))
            return f"Of the tokens chosen, {told}. It should be about 80, 10 and 10 %. {RARE}"
        return self.random_fault(inputs, labels) or self.dependence(chosen, p)

    def fates(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Count what became of the chosen tokens: the mask, itself, or another id."""
        chosen, ids = labels != -100, self.ids.expand_as(inputs)
        masked, same = inputs == self.mask_id, inputs == ids
        parts = (chosen & masked, chosen & same & ~masked, chosen & ~same & ~masked)
        return torch.stack([part.sum() for part in parts])

    def others(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Return the ids that replaced another."""
        ids = self.ids.expand_as(inputs)
        return inputs[(labels != -100) & (inputs != self.mask_id) & (inputs != ids)]

    def random_fault(self, inputs: Tensor, labels: Tensor) -> str | None:
        """Report random ids that are none, or that do not come evenly."""
        drawn = self.others(inputs, labels)
        if not len(drawn):
            return None
        outside = drawn[(drawn < 0) | (drawn >= self.vocab)]
        if len(outside):
            return (
                f"The random id {int(outside[0])} was put in the place of a token; with "
                f"vocab={self.vocab}, random ids go from 0 to {self.vocab - 1}."
            )
        # An id cannot replace itself: the more often it stood there, the rarer it is.
        stood = torch.bincount(labels[labels >= 0].flatten(), minlength=self.vocab)[: self.vocab]
        expected = ((labels != -100).sum() - stood).double()
        counts = torch.bincount(drawn, minlength=self.vocab)
        if goodness_of_fit(counts, expected) < ALPHA:
            worst = int((counts / counts.sum() - expected / expected.sum()).abs().argmax())
            return (
                f"Of {len(drawn)} random ids, {worst} came {int(counts[worst])} times; about "
                f"{float(expected[worst] / expected.sum()) * len(drawn):.0f} were to be expected. "
                f"{RARE}"
            )
        return None

    def dependence(self, chosen: Tensor, p: float) -> str | None:
        """Report tokens that are not chosen by themselves (where all may change)."""
        if not self.may_change.all() or not 0 < p < 1:
            return None
        names = ("call", "batch", "position")[-chosen.dim() :]
        for dim in together(~chosen, p):
            return (
                f"Neighbours along the {names[dim]} axis are not chosen by themselves: whether "
                f"one is chosen tells about the next. {RARE}"
            )
        if always_as_many(~chosen, p):
            return f"The number of tokens chosen hardly varies from call to call. {RARE}"
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether two answers choose and replace in the same manner, whatever they chose."""
        if one.raised or other.raised or self.shape_fault(one, other):
            return super().alike(one, other)
        mine, theirs = self.manner(one), self.manner(other)
        return mine[0] == theirs[0] and all(
            homogeneity(a, b) >= ALPHA for a, b in zip(mine[1], theirs[1], strict=True)
        )

    def manner(self, one: Observation) -> Manner:
        """What an answer does at all, and counts of how often it does it."""
        if id(one) not in self.known:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[id(one)] = one, self._manner(one)
        return self.known[id(one)][1]

    def _manner(self, one: Observation) -> Manner:
        inputs, labels = both(one)
        ids, may = self.ids.expand_as(inputs), self.may_change.expand_as(inputs)
        chosen, changed = labels != -100, inputs != ids
        others = self.others(inputs, labels)
        lonely = len(others) > 9 and len(others.unique()) == 1  # one id for all
        groups = [
            (~may & chosen, ~may & ~chosen),
            (may & chosen, may & ~chosen),
            (~chosen & changed, ~chosen & ~changed),
            (chosen & (labels == ids), chosen & (labels == self.mask_id), chosen & (labels < 0)),
        ]
        counts = [torch.stack([part.sum() for part in group]) for group in groups]
        counts.append(self.fates(inputs, labels))
        if not lonely:
            counts.append(torch.bincount((others + 101).clamp(0, 400), minlength=401))
        does = [bool(count) for group in counts[:4] for count in group]
        p = float(chosen[may].double().mean())
        bound = self.may_change.all() and 0 < p < 1
        tied = (together(~chosen, p), always_as_many(~chosen, p)) if bound else None
        return (does, lonely, tied, bool(one.mutated), one.drew, one.reseeded), counts


def both(one: Observation) -> tuple[Tensor, Tensor]:
    """Inputs and labels; of several calls, all of them."""
    inputs, labels = zip(*one.outputs, strict=True)
    several = len(inputs) > 1
    return (torch.stack(inputs), torch.stack(labels)) if several else (inputs[0], labels[0])


class SeedsOfBoth(Close):
    """Three results: the first two, from one seed, must be equal; the third, from another, not."""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report a seed that does not decide what is chosen."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right)
            if text:
                return text
            if one.drew and not right.drew:
                return "A generator was given, but torch's global one was used, too."
        first, again, other = (one.outputs[0] for one in seen)
        if self.same(first, other):
            return "Two generators with different seeds chose the same tokens."
        if not self.same(first, again):
            return "Two generators with the same seed chose different tokens."
        return None

    def same(self, one: tuple[Tensor, Tensor], other: tuple[Tensor, Tensor]) -> bool:
        """Whether inputs and labels are both the same."""
        return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))

    def alike(self, one: Observation, other: Observation) -> bool:
        """Any two answers are alike here that draw from the same generators."""
        if one.raised or other.raised:
            return super().alike(one, other)
        return one.drew == other.drew and one.reseeded == other.reseeded
