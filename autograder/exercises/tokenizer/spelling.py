"""Token ids and merges in the words of messages: every token spelled out."""

from collections.abc import Callable, Sequence
from typing import Any


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
