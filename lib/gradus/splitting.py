"""Splitting: how a text is cut into words before any merging, so that no token spans two words.

Radford et al. 2019 (GPT-2), section 2.2; the pattern is that of https://github.com/openai/gpt-2
"""

import re
import unicodedata
from collections.abc import Sequence

# Python's \w takes ½, ² and Ⅷ for letters and its \s takes four control characters for spaces.
# GPT-2's pattern follows Unicode's classes, so both are put right here.
_FRACTIONS = "".join(c for c in map(chr, range(0x20000)) if unicodedata.category(c) in ("Nl", "No"))
_CONTROLS = r"\x1c-\x1f"

_LETTER = rf"[^\W\d_{_FRACTIONS}]"
# The short way through most texts: five times as fast as {_LETTER}+, and the same.
_LETTERS = rf"(?:[A-Za-z]+{_LETTER}*|{_LETTER}+)"
_NUMBER = rf"[\d{_FRACTIONS}]"
_SPACE = rf"[^\S{_CONTROLS}]"
_OTHER = rf"(?:[^\w\s]|[_{_CONTROLS}])"

_WORD = re.compile(
    r"'(?:[sdmt]|ll|ve|re)"  # the end of a contraction: don't is "don" and "'t"
    rf"| ?{_LETTERS}"  # letters, with the one space before them
    rf"| ?{_NUMBER}+"
    rf"| ?{_OTHER}+"
    rf"|{_SPACE}+(?![\S{_CONTROLS}])|{_SPACE}+"  # spaces, without the last, which goes to the word
)


def split_words(text: str) -> list[str]:
    """Cut a text into words as GPT-2 does: runs of letters, of digits, of other signs, of spaces.

    A word takes the one space before it along: "to be" becomes "to", " be". Nothing is lost:
    joined, the words are the text again.
    """
    return _WORD.findall(text)


def split_specials(text: str, specials: Sequence[str]) -> list[str]:
    """Cut a text around its special tokens, each of which becomes a piece of its own.

    Specials are found from left to right, the longest first where several begin at one place.
    Pieces are never empty; joined, they are the text again.
    """
    if not specials:
        return [text] if text else []
    longest_first = sorted(specials, key=len, reverse=True)
    pattern = "|".join(re.escape(special) for special in longest_first)
    return [piece for piece in re.split(f"({pattern})", text) if piece]
