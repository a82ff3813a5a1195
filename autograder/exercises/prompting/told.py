"""Told: a judge that says what was asked in a few words, and shows where two texts part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judge import Close, Seen
from autograder.words import Words

AROUND = 24  # characters shown before and after the place where two texts part


@dataclass
class Told(Close):
    """Puts in front of the fault what was asked: one telling for each trial, such as "No examples".

    Differing texts are shown around the first place where they part.
    """

    tellings: Sequence[str]

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first trial that went wrong."""
        for telling, one, right in zip(self.tellings, seen, expected, strict=True):
            text = super().fault([one], [right], words)
            if text and not one.raised and not right.raised:
                text = parted(one.outputs[-1], right.outputs[-1]) or text
            if text:
                return f"{telling}: {text[0].lower()}{text[1:]}"
        return None


class Parted(Told):
    """The same without tellings: for hidden cases, and for those of one trial."""

    def __init__(self) -> None:
        super().__init__(())

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first trial that went wrong."""
        for one, right in zip(seen, expected, strict=True):
            text = Close.fault(self, [one], [right], words)
            if text and not one.raised and not right.raised:
                text = parted(one.outputs[-1], right.outputs[-1]) or text
            if text:
                return text
        return None


def parted(got: Any, expected: Any) -> str | None:
    """Say where two texts part, or two lists of examples; None for other things."""
    if isinstance(got, list) and isinstance(expected, list) and got != expected:
        return f"Expected {_examples(expected)}; got {_examples(got)}."
    if not isinstance(got, str) or not isinstance(expected, str) or got == expected:
        return None
    pairs = zip(got, expected, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(got), len(expected)))
    before = expected[max(0, at - AROUND) : at]
    where = f"After {before!r}" if before else "At the very start"
    return f"{where} should come {_ahead(expected, at)}; there comes {_ahead(got, at)}."


def _ahead(text: str, at: int) -> str:
    """What comes from this place on."""
    rest = text[at:]
    if not rest:
        return "the end"
    return repr(rest) if len(rest) <= AROUND else f"{rest[:AROUND]!r}..."


def _examples(pairs: list[Any]) -> str:
    """A list of examples, by their texts."""
    if not pairs:
        return "no examples"
    texts = [pair[0] if isinstance(pair, list | tuple) and pair else pair for pair in pairs]
    shown = ", ".join(map(repr, texts))
    return f"the examples {shown}" if len(shown) < 160 else f"{len(pairs)} examples"


def in_numbers(got: Any, expected: Any) -> str | None:
    """A `says` for one number, or for precision, recall and F1: rounded, as people read them."""
    mine, right = _rounded(got), _rounded(expected)
    return None if mine is None or mine == right else f"expected {right}, got {mine}."


def _rounded(value: Any) -> str | None:
    if isinstance(value, int | float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple) and all(isinstance(part, int | float) for part in value):
        return f"({', '.join(f'{part:.4g}' for part in value)})"
    return None
