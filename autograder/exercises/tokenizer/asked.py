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


def spelled(token: bytes) -> str:
    """Write a token as text in quotes, or as bytes where it is no whole character."""
    text = token.decode(errors="replace")
    return f'"{text}"' if "\ufffd" not in text and text.isprintable() else repr(token)


def vocabulary(merges: Any, specials: Sequence[str] = ()) -> list[bytes]:
    """The bytes of every id; raises IndexError or TypeError for merges that make no sense."""
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        if min(left, right) < 0:
            raise IndexError(f"merge of {left} and {right}")
        tokens.append(tokens[left] + tokens[right])
    return tokens + [special.encode() for special in specials]


def learned(spelling: str) -> list[tuple[int, int]]:
    """Return merges from their spelling: "l o, lo w, _ low", with "_" for a space."""
    known = {bytes([byte]): byte for byte in range(256)}
    merges = []
    for new, both in enumerate(spelling.split(", "), 256):
        left, right = (part.replace("_", " ").encode() for part in both.split(" "))
        merges.append((known[left], known[right]))
        known[left + right] = new
    return merges


def tokens_in_words(
    merges: Sequence[tuple[int, int]], specials: Sequence[str] = ()
) -> Callable[[Any, Any], str | None]:
    """Return a `says` for lists of ids: it spells both."""
    tokens = vocabulary(merges, specials)

    def one(token: Any) -> str:
        known = isinstance(token, int) and 0 <= token < len(tokens)
        return f"{spelled(tokens[token])} {token}" if known else f"? {token!r}"

    def says(got: Any, expected: Any) -> str | None:
        if not isinstance(got, list | tuple) or not all(isinstance(t, int) for t in got):
            return None
        mine, right = (" | ".join(map(one, ids[:20])) or "nothing" for ids in (got, expected))
        return f"expected {right}; got {mine}."

    return says


def merges_in_words(got: Any, expected: Any) -> str | None:
    """A `says` for lists of merges: it spells the first that differs."""
    if not isinstance(got, list | tuple):
        return None
    try:
        mine, right = vocabulary(got), vocabulary(expected)
        for i, pair in enumerate(expected):
            if i < len(got) and tuple(got[i]) != tuple(pair):
                a, b = (
                    f"{spelled(tokens[left])} + {spelled(tokens[last])}, that is ({left}, {last})"
                    for tokens, (left, last) in ((right, pair), (mine, got[i]))
                )
                return f"merge {i} should be {a}; it is {b}."
    except (TypeError, ValueError, IndexError):
        return None
    if len(got) == len(expected):
        return None
    return f"{len(expected)} merges are to be learned here; it returns {len(got)}."
