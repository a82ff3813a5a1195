"""Sentences out of a small grammar: a text whose uncertainty is known to the last digit."""

import math

import torch
from jaxtyping import Int
from torch import Generator, Tensor

ADJECTIVES = "old new small great quiet clever hungry yellow".split()
NOUNS = "cat dog fox owl horse teacher farmer river".split()
VERBS = "sees hears likes follows carries paints forgets visits".split()
SLOTS = (ADJECTIVES, NOUNS, VERBS, ADJECTIVES, NOUNS)
LETTERS = " .abcdefghijklmnopqrstuvwxyz"


def sentences(count: int, generator: Generator) -> str:
    """Return sentences such as "the old fox sees the new river. ", all words equally likely."""
    drawn = torch.randint(8, (count, len(SLOTS)), generator=generator).tolist()
    written = []
    for row in drawn:
        a, b, c, d, e = (words[i] for words, i in zip(SLOTS, row, strict=True))
        written.append(f"the {a} {b} {c} the {d} {e}. ")
    return "".join(written)


def floor() -> float:
    """Return what nobody can get below: the uncertainty of these sentences, in nats a letter.

    Each sentence is five choices out of eight; no other letter is free.
    """
    letters = len("the    the  . ") + sum(sum(map(len, words)) / 8 for words in SLOTS)
    return len(SLOTS) * math.log(8) / letters


def encode(text: str) -> Int[Tensor, " length"]:
    """Return the places of a text's letters in `LETTERS`."""
    return torch.tensor([LETTERS.index(letter) for letter in text])


def decode(ids: Int[Tensor, " length"]) -> str:
    """Return the text of these ids."""
    return "".join(LETTERS[i] for i in ids.tolist())
