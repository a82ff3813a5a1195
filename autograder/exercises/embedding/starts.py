"""A judge of the random numbers that a table starts with."""

from dataclasses import dataclass

from torch import Tensor

from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words

ALLOWED = 6.5  # standard errors; chance alone goes further less than once in 1e9 times


@dataclass
class Starts(Close):
    """Every output is a table of normal random numbers of mean 0 and standard deviation `std`."""

    std: float

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report a wrong shape, mean or spread."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self._table(one.outputs[0], right.outputs[0])
            if text:
                return text
        return None

    def _table(self, got: object, right: Tensor) -> str | None:
        if not isinstance(got, Tensor) or got.shape != right.shape:
            return f"Its table should have the shape {tuple(right.shape)}."
        mean, std = _moments(got)
        if abs(mean) > ALLOWED * self.std / got.numel() ** 0.5:
            return f"The mean of the numbers should be 0; it is {mean:.3g}."
        if abs(std / self.std - 1) > ALLOWED / (2 * got.numel()) ** 0.5:
            return f"The standard deviation of the numbers should be {self.std:g}; it is {std:.3g}."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Whether mean and spread of both are the same, chance apart."""
        if one.raised or other.raised:
            return super().alike(one, other)
        a, b = one.outputs[0], other.outputs[0]
        if not isinstance(a, Tensor) or not isinstance(b, Tensor) or a.shape != b.shape:
            return False
        (mean, std), (other_mean, other_std) = _moments(a), _moments(b)
        scale = max(std, other_std, 1e-9)
        margin = 2 * ALLOWED * scale / a.numel() ** 0.5
        return abs(mean - other_mean) < margin and abs(std - other_std) < margin


def _moments(table: Tensor) -> tuple[float, float]:
    wide = table.double()
    return wide.mean().item(), wide.std().item()
