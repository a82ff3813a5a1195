"""Tellings: a judge that says what was asked, then what is wrong in the words of the exercise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judge import Close, Seen
from autograder.words import Words


@dataclass
class Tellings(Close):
    """One telling for each trial, such as "Two empty documents"; none at all for hidden cases.

    `says` puts a difference between two outputs, got and expected, into words; None if it cannot.
    """

    tellings: Sequence[str]
    says: Callable[[Any, Any], str | None]

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first trial that went wrong."""
        for i, (one, right) in enumerate(zip(seen, expected, strict=True)):
            text = super().fault([one], [right], words)
            if text and not one.raised and not right.raised:
                text = self.says(one.outputs[-1], right.outputs[-1]) or text
            if text and i < len(self.tellings):
                return f"{self.tellings[i]}: {text[0].lower()}{text[1:]}"
            if text:
                return text[0].upper() + text[1:]
        return None
