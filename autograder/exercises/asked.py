"""Asked: a judge for short inputs, which says which call went wrong, and spells tokens out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Generator, randperm

from autograder.judge import Close, Seen
from autograder.trial import Call, Trial
from autograder.words import Words

LONGEST = 44  # characters of an argument that are shown
LONGEST_RESULT = 72


def in_full(got: Any, expected: Any) -> str | None:
    """A `says` for short lists and dictionaries: it shows both."""
    if max(len(repr(got)), len(repr(expected))) > LONGEST_RESULT:
        return None
    return f"expected {expected!r}, got {got!r}."


@dataclass
class Asked(Close):
    """Names the call in front of the fault.

    `says` puts a difference between two outputs, got and expected, into words; None if it cannot.
    """

    trials: Sequence[Trial]
    says: Callable[[Any, Any], str | None] = in_full

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first call that went wrong."""
        for trial, one, right in zip(self.trials, seen, expected, strict=True):
            text = super().fault([one], [right], words)
            if text and not one.raised and not right.raised:
                text = self.says(one.outputs[-1], right.outputs[-1]) or text
            if text:
                return f"{shown(trial.calls[-1], words.name)}: {text[0].lower()}{text[1:]}"
        return None


@dataclass
class Unchanged(Close):
    """The same list is given twice: a second result that differs shows that it was changed."""

    def outputs(self, one: Any, right: Any, words: Words) -> str | None:
        """Tell a changed list from a wrong result."""
        first, second = one.outputs
        if first == right.outputs[0] and second != first:
            return f"It changes the list that it is given: called again with it, it gives {second}."
        return super().outputs(one, right, words)


def letters(rng: Generator, count: int) -> list[str]:
    """Draw different letters, in alphabetical order, to put in the place of a visible case's.

    Hidden cases are made like this, so that a mistake fails them always or never: no score is a
    matter of luck.
    """
    return sorted(chr(97 + int(i)) for i in randperm(26, generator=rng)[:count])


def shown(call: Call, name: str) -> str:
    """Write a call as a learner would; long arguments are cut."""
    given = [_short(arg) for arg in call.args]
    given += [f"{key}={_short(arg)}" for key, arg in call.kwargs.items()]
    return f"{name}({', '.join(given)})"


def _short(value: Any) -> str:
    text = repr(value)
    if isinstance(value, set) and value:
        text = "{" + ", ".join(map(repr, sorted(value))) + "}"  # always in the same order
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
