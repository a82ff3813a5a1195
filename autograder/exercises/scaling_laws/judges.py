"""Numbers with units: a judge that allows a share of error, and says how far off a number is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exercises.asked import shown
from autograder.judge import Close, Seen
from autograder.observation import Observation
from autograder.trial import Trial
from autograder.words import Words

FAR = 1.4  # times as much, or as little, from which on it is said how many times


@dataclass
class Numbers(Close):
    """Each number of a result may be off by its share in `shares`; one share stands for all.

    `units` says what each number counts. The calls of `trials` are named in front of the fault;
    hidden cases give none.
    """

    units: Sequence[str]
    trials: Sequence[Trial] = ()
    shares: Sequence[float] = (1e-6,)

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first call that went wrong."""
        for i, (one, right) in enumerate(zip(seen, expected, strict=True)):
            text = super().fault([one], [right], words)
            if text and i < len(self.trials):
                return f"{shown(self.trials[i].calls[-1], words.name)}: {text[0].lower()}{text[1:]}"
            if text:
                return text
        return None

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Say which number is off, and by how much."""
        got, expected = one.outputs[-1], right.outputs[-1]
        if len(self.units) > 1 and _fits(got, expected):
            pairs = zip(got, expected, self._shares(expected), self.units, strict=True)
            for mine, theirs, share, unit in pairs:
                text = _apart(mine, theirs, share, unit)
                if text:
                    return text
        else:
            text = _apart(got, expected, self._shares([expected])[0], self.units[0])
            if text:
                return text
        return super().outputs(self._near(one, right), right, words)

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare up to the same shares."""
        return super().alike(self._near(one, other), other)

    def _shares(self, numbers: Sequence[Any]) -> Sequence[float]:
        return self.shares if len(self.shares) == len(numbers) else [*self.shares] * len(numbers)

    def _near(self, one: Observation, other: Observation) -> Observation:
        """The observation, with numbers that are near enough put in the other's place."""
        if one.raised or other.raised:
            return one
        pairs = zip(one.outputs, other.outputs, strict=True)
        outputs = [_snapped(a, b, self._shares(_parts(b))) for a, b in pairs]
        return Observation(**{**vars(one), "outputs": outputs})


def _parts(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _fits(got: Any, expected: Any) -> bool:
    """Whether both are sequences of as many parts."""
    both = isinstance(got, list | tuple) and isinstance(expected, list | tuple)
    return both and len(got) == len(expected)


def _snapped(got: Any, expected: Any, shares: Sequence[float]) -> Any:
    if _fits(got, expected):
        shares = shares if len(shares) == len(got) else [shares[0]] * len(got)
        parts = zip(got, expected, shares, strict=True)
        return type(got)(_snapped(a, b, [share]) for a, b, share in parts)
    if _number(got) and _number(expected) and math.isclose(got, expected, rel_tol=shares[0]):
        return expected
    return got


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _apart(got: Any, expected: Any, share: float, unit: str) -> str | None:
    """Say how far two numbers are apart; None if they are near enough, or no numbers."""
    if not (_number(got) and _number(expected)) or math.isclose(got, expected, rel_tol=share):
        return None
    text = f"Expected {_written(expected, got)} {unit}, got {_written(got, expected)}"
    if expected > 0 and 0 < got < math.inf and not 1 / FAR < got / expected < FAR:
        times = got / expected
        text += f": {times:.4g} times as much" if times > 1 else f": 1/{1 / times:.4g} of it"
    return text + "."


def _written(number: float, other: float = math.nan) -> str:
    """A number as people write it, with as many digits as it takes to tell it from the other."""
    if isinstance(number, int) and isinstance(other, int | float) and number < 1e12:
        return f"{number:,}"
    for digits in range(4, 17):
        text = f"{number:.{digits}g}"
        if text != f"{other:.{digits}g}":
            break
    return text
