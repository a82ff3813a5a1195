"""Words that people rated as good or bad, from the VADER lexicon.

Copyright C.J. Hutto; MIT licence, see the licence file of the installed package vaderSentiment.
Source: Hutto and Gilbert, "VADER", ICWSM 2014.
"""

import importlib.util
from pathlib import Path
from typing import NamedTuple


class Rated(NamedTuple):
    """A word and its mean rating by ten people, from -4 (as bad as can be) to 4."""

    word: str
    valence: float


def sentiment_words() -> list[Rated]:
    """Return the rated words of letters a to z, in alphabetic order; not the emoticons.

    Raises ModuleNotFoundError if the package vaderSentiment is not installed.
    """
    spec = importlib.util.find_spec("vaderSentiment")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the VADER lexicon is missing: pip install vaderSentiment")
    found: dict[str, float] = {}
    lexicon = Path(spec.origin).with_name("vader_lexicon.txt").read_text(encoding="utf-8")
    for line in lexicon.splitlines():
        word, valence, *_ = [*line.split("\t"), "0"]
        if word.isascii() and word.isalpha():
            found[word] = float(valence)  # of a word that stands twice VADER takes the last, too
    return [Rated(word, valence) for word, valence in sorted(found.items())]
