"""bpe_decode: from ids back to text."""

import torch
from torch import Generator

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, letters
from autograder.exercises.tokenizer.spelling import learned
from autograder.trial import Trial, ask
from gradus import bpe

bpe_decode = Exercise(bpe.bpe_decode)

END, PAD = "<|end|>", "<|pad|>"
LOW = learned("l o, lo w, e r")
SPACED = learned("_ a, _a n")

BY_HAND = ask([257, 258, 32, 257], LOW)
SPACES = [ask([257, 32, 97, 10], SPACED), ask([32, 256, 32, 32], SPACED), ask([], SPACED)]
SPREAD = [
    ask(list("é日👧".encode()), []),
    ask([0x63, 256, 0x83], [(0xE6, 0x97), (0xA9, 0xC3)]),
    ask([0xC3, 256, 0x20], [(0xA9, 0xC3), (0xA9, 0xA9)]),
    ask(list("\ufeffe\u0301\r\n\x00".encode()), []),
]
BROKEN = [
    ask([97, 0xC3], []),
    ask([0xA9, 97, 0xFF, 98], []),
    ask([256, 97, 256], [(0xF0, 0x9F)]),
]
SPECIALS = [
    ask([260, 257, 259, 259], LOW, [END, PAD]),
    ask([256, 97, 257], [], ["<s>", "é"]),
]
STRANGE = [
    ask([97, 259], LOW),
    ask([97, -1], LOW, [END]),
    ask([260], LOW, [END]),
    ask([-260], LOW, [END]),
    ask([256], []),
    ask([10**6, 97], LOW),
]


@bpe_decode.case("lower low, by hand", 0.5, judge=Asked([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, "lower low")


@bpe_decode.case("every space as it was", 0.5, judge=Asked(SPACES))
def spaces(rng: Generator) -> list[Trial]:
    return SPACES


@bpe_decode.case(
    "a character spread over several ids",
    judge=Asked(SPREAD),
    hint="é is two bytes, C3 and A9, which need not be in one token.",
)
def spread(rng: Generator) -> list[Trial]:
    return SPREAD


@bpe_decode.case("bytes that are no character", judge=Asked(BROKEN))
def broken(rng: Generator) -> list[Trial]:
    return BROKEN


@bpe_decode.case("specials come back as text", 0.5, judge=Asked(SPECIALS))
def specials(rng: Generator) -> list[Trial]:
    return SPECIALS


@bpe_decode.case("ids that are not in the vocabulary", judge=Asked(STRANGE))
def strange(rng: Generator) -> list[Trial]:
    return STRANGE


@bpe_decode.case("hidden ids", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    a, b, c = letters(rng, 3)
    merges = learned(f"{a} {b}, {a}{b} {c}, {c} {a}")
    wild = torch.randint(128, 256, (6,), generator=rng).tolist()
    return [
        ask([257, 258, 32, 256, 259, 258], merges, [END]),
        ask(list(f"{a}é{b}日{c}".encode()), merges),
        ask([256, *wild, 97], merges),
    ]


@bpe_decode.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask([257, 258, 259], LOW, [END])


@bpe_decode.variant
def recursive(ids, merges, specials=()):
    def token(one):
        if one < 0 or one >= 256 + len(merges) + len(specials):
            raise ValueError(one)
        if one < 256:
            return bytes([one])
        if one < 256 + len(merges):
            left, right = merges[one - 256]
            return token(left) + token(right)
        return specials[one - 256 - len(merges)].encode("utf-8")

    return b"".join(map(token, ids)).decode("utf-8", "replace")


@bpe_decode.variant
def with_a_dictionary(ids, merges, specials=()):
    tokens = {i: bytes((i,)) for i in range(256)}
    for i, (left, right) in enumerate(merges, 256):
        tokens[i] = tokens[left] + tokens[right]
    for i, special in enumerate(specials, 256 + len(merges)):
        tokens[i] = special.encode()
    text = bytearray()
    for one in ids:
        if one not in tokens:
            raise ValueError(f"unknown id {one}")
        text += tokens[one]
    return text.decode(errors="replace")


@bpe_decode.variant
def unfolding(ids, merges, specials=()):
    """Takes merged ids apart again and again, with a stack."""
    text, stack = b"", list(reversed(ids))
    while stack:
        one = stack.pop()
        if not 0 <= one < 256 + len(merges) + len(specials):
            raise ValueError("not in the vocabulary")
        if one < 256:
            text += one.to_bytes(1, "big")
        elif one < 256 + len(merges):
            stack += reversed(merges[one - 256])
        else:
            text += specials[one - len(merges) - 256].encode()
    return str(text, "utf-8", "replace")
