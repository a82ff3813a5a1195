"""The judge of get_batch: whose windows, what follows them, and how often each start comes.

Which windows are drawn is anybody's choice. The data hold no token twice, so that every token of an
answer tells the place that it was taken from.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.chance import goodness_of_fit, homogeneity
from autograder.compare import kind
from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

ALPHA = 1e-9  # rate of false alarms of each test
RARE = "Chance alone does this less than once in 1,000,000,000 times."


@dataclass
class Windows(Close):
    """Two tensors of windows of `seq` tokens out of `data`, each started anywhere by itself."""

    data: Tensor
    batch: int
    seq: int

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first law that is broken."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self.form(one.outputs[-1])
            text = text or self.content(*one.outputs[-1]) or self.chance(one.outputs[-1][0])
            if text:
                return text
        return None

    def form(self, output: Any) -> str | None:
        """Say what is wrong with types and shapes."""
        if not isinstance(output, list | tuple) or len(output) != 2:
            return f"It should return two tensors, x and y, not {kind(output)}."
        for name, tensor in zip("xy", output, strict=True):
            if not isinstance(tensor, Tensor):
                return f"{name} should be a tensor, not {kind(tensor)}."
            if tensor.shape != (self.batch, self.seq):
                return (
                    f"The shape of {name} should be (batch {self.batch}, seq {self.seq}); "
                    f"it is {tuple(tensor.shape)}."
                )
            if tensor.dtype != torch.int64:
                return f"{name} should be of dtype int64; it is {tensor.dtype}.".replace(
                    "torch.", ""
                )
        return None

    def content(self, x: Tensor, y: Tensor) -> str | None:
        """Say where x is no window, or y not what follows."""
        at, after = self.places(x), self.places(y)
        broken = (at[:, 0] < 0) | (at.diff(dim=1) != 1).any(dim=1)
        if broken.any():
            row = int(broken.nonzero()[0])
            return f"x[{row}] is {x[row].tolist()}, which stands nowhere in the data in a row."
        wrong = (after != at + 1).nonzero()
        if len(wrong):
            row, j = wrong[0].tolist()
            right = int(at[row, j]) + 1
            should = int(self.data[right]) if right < len(self.data) else "nothing"
            return (
                f"In the data, {x[row, j]} is followed by {should}. It is x[{row}, {j}], "
                f"but y[{row}, {j}] is {y[row, j]}."
            )
        return None

    def chance(self, x: Tensor) -> str | None:
        """Say which starts come too often or never, or hang together."""
        starts, many = self.places(x)[:, 0], len(self.data) - self.seq
        counts = torch.bincount(starts, minlength=many)
        if len(starts) < 8 * many:
            return None
        if goodness_of_fit(counts, torch.ones(many) / many) < ALPHA:
            for start, name in ((0, "the first"), (many - 1, "the last that fits")):
                if not counts[start] and (counts > 0).sum() >= many - 2:
                    return f"In {len(starts)} windows none starts at {start}, {name}. {RARE}"
            return (
                f"{int((counts > 0).sum())} of {many} possible starts came, and not equally often, "
                f"in {len(starts)} windows. {RARE}"
            )
        if self.hang_together(starts, many):
            return f"From one window you can tell where the next one starts. {RARE}"
        return None

    def places(self, tokens: Tensor) -> Tensor:
        """The place of every token in the data; -1 if it is not there."""
        found = torch.full((int(self.data.max()) + 2,), -1)
        found[self.data.long()] = torch.arange(len(self.data))
        return found[tokens.long().clamp(0, len(found) - 1)]

    def hang_together(self, starts: Tensor, many: int) -> bool:
        """Whether the step from one start to the next is not anything with equal chance."""
        steps = (starts[1:] - starts[:-1]) % many
        return goodness_of_fit(torch.bincount(steps, minlength=many), torch.ones(many)) < ALPHA

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether two answers take windows in the same manner, whichever they take."""
        if one.raised or other.raised or bool(one.mutated) != bool(other.mutated):
            return super().alike(one, other)
        mine, theirs = self.manner(one.outputs[-1]), self.manner(other.outputs[-1])
        if mine[:-1] != theirs[:-1] or (mine[-1] is None) != (theirs[-1] is None):
            return False
        return mine[-1] is None or homogeneity(mine[-1], theirs[-1]) >= ALPHA

    def manner(self, output: Any) -> tuple[Any, ...]:
        """What an answer returns, how its tokens stand to each other, and its starts' counts."""
        both = output if isinstance(output, list | tuple) else (output,)
        if not all(isinstance(t, Tensor) and t.numel() for t in both):
            return kind(output), None
        form: list[Any] = [(t.dtype, tuple(t.shape)) for t in both]
        if len(both) != 2 or both[0].dim() != 2 or both[0].shape != both[1].shape:
            return form, None
        x, y = both
        at, many = self.places(x), len(self.data) - self.seq
        gaps = torch.unique((self.places(y) - at) % len(self.data)).tolist()
        grows = torch.unique(y.double() - x.double()).tolist() == [1.0]
        inside = [torch.unique(at.diff(dim=d)).tolist()[:3] for d in (0, 1)]
        starts = at[:, 0].clamp(0)
        together = len(starts) > 1 and self.hang_together(starts, many)
        form += [gaps if len(gaps) < 4 else "many", grows, inside[1]]
        form += [inside[0] if len(set(starts.tolist())) < 3 else "many", together]
        return *form, torch.bincount(starts, minlength=len(self.data))


class Generators(Close):
    """Three batches: the first two, from one seed, must be equal; the third, from another, not."""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report a seed that does not decide."""
        for one, right in zip(seen, expected, strict=True):
            if text := complaint(one, right):
                return text
        first, again, other = (one.outputs[-1][0] for one in seen)
        if not torch.equal(first, again):
            return "Two generators with the same seed led to different windows."
        if torch.equal(first, other):
            return "Two generators with different seeds led to the same windows."
        return None
