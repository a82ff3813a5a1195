"""TimesOff: a judge for numbers of bytes, which says how many times too many they are."""

import math
from collections.abc import Sequence
from typing import Any

from autograder.exercises.asked import Asked
from autograder.trial import Trial

BARELY = 0.01  # a smaller share off is said in bytes, not as a factor


class TimesOff(Asked):
    """Names the call, and the factor by which its result is off."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        super().__init__(trials, says=times_off)


def times_off(got: Any, expected: Any) -> str | None:
    """Say by which factor a number is off; None for what is not a number, or has no factor."""
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (got, expected))
    if not numbers or math.isclose(got, expected, rel_tol=1e-6, abs_tol=1e-9):
        return None
    if got <= 0 or expected <= 0 or not math.isfinite(got):
        return None
    if abs(got / expected - 1) < BARELY:
        way = "many" if got > expected else "few"
        return f"got {_number(got)}: {_number(abs(got - expected))} too {way}."
    if got > expected:
        return f"got {_number(got)}: too much, by a factor of {got / expected:.4g}."
    return f"got {_number(got)}: too little, by a factor of {expected / got:.4g}."


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or isinstance(value, int) else f"{value:,.6g}"
