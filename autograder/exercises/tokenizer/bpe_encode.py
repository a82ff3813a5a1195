"""bpe_encode: from text to ids."""

import re

from torch import Generator

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, letters
from autograder.exercises.tokenizer.merge_pair import merge_pair
from autograder.exercises.tokenizer.spelling import learned, tokens_in_words
from autograder.trial import Trial, ask
from gradus import bpe
from gradus.splitting import split_specials, split_words

bpe_encode = Exercise(bpe.bpe_encode, uses=[merge_pair])

END, PAD = "<|end|>", "<|pad|>"

LOW = learned("l o, lo w, e r")
ORDER = learned("b c, a b, ab c, c d, bc d, a bc, d b, b d")
RUNS = learned("a a, aa aa, aaaa aaaa, a b, ab ab")
SPACED = learned("_ a, o n, g o, on _, e _, s t, ' t, _ on")
LETTERS = [(0xC3, 0xA9), (0x65, 0xCC), (0x0D, 0x0A), (0xF0, 0x9F)]

BY_HAND = ask("lower low", LOW)
ORDERED = [ask(text, ORDER) for text in ("abc", "abcd", "bcd", "abab", "cdcd", "abcabcd", "dbd")]
REPEATED = [ask(text, RUNS) for text in ("aaaaaaaaaaa", "abab", "aabaab", "baab", "abaaab")]
WORDS = [
    ask(text, SPACED)
    for text in ("go on", " a", "a ", "one  at a time ", "on at on", "don't", "stone\n a\r\n")
]
BYTES = [
    ask(text, LETTERS)
    for text in ("é", "e\u0301", "\ufeffa", "\r\n", "👩\u200d👧", "a\x00b", "½ 日", "A a")
]
SPECIALS = [
    ask(f"low{END}low", LOW, [END]),
    ask(f"{PAD}{PAD}lower{END}", LOW, [END, PAD]),
    ask("er<e>er<er>", LOW, ["<e>", "<er>"]),
    ask("a<s>er<s><s>a", LOW, ["<s>", "<s><s>"]),
    ask("er.lo|w[er]", LOW, [".", "|", "[er]"]),
    ask(f"low{END}", LOW),
]
EMPTY = [ask("", LOW, [END]), ask("a", LOW), ask("low", [])]


@bpe_encode.case("lower low, by hand", 0.5, judge=Asked([BY_HAND], tokens_in_words(LOW)))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, [257, 258, 32, 257])


@bpe_encode.case(
    "what was learned first is merged first", judge=Asked(ORDERED, tokens_in_words(ORDER))
)
def order(rng: Generator) -> list[Trial]:
    return ORDERED


@bpe_encode.case("again and again", judge=Asked(REPEATED, tokens_in_words(RUNS)))
def repeated(rng: Generator) -> list[Trial]:
    return REPEATED


@bpe_encode.case("word by word, with all spaces", judge=Asked(WORDS, tokens_in_words(SPACED)))
def words(rng: Generator) -> list[Trial]:
    return WORDS


@bpe_encode.case("any character, byte by byte", judge=Asked(BYTES, tokens_in_words(LETTERS)))
def characters(rng: Generator) -> list[Trial]:
    return BYTES


@bpe_encode.case("a special is one id", judge=Asked(SPECIALS, tokens_in_words(LOW, [END, PAD])))
def specials(rng: Generator) -> list[Trial]:
    return SPECIALS


@bpe_encode.case("no text, one letter, no merges", 0.5, judge=Asked(EMPTY, tokens_in_words(LOW)))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@bpe_encode.case("hidden texts", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    a, b, c, d = letters(rng, 4)
    order = learned(f"{b} {c}, {a} {b}, {a}{b} {c}, {c} {d}, {b}{c} {d}, {a} {b}{c}")
    runs = learned(f"{a} {a}, {a}{a} {a}{a}, {a} {b}, {a}{b} {a}{b}")
    spaced = learned(f"{b} {c}, {a} {b}, {b}{c} _, _ {b}{c}")
    return [
        ask(f"{a}{b}{c}\n{a}{b}{c}{d}\n{a}{b}{a}{b}\n{c}{d}{c}{d}", order),
        ask(f"{a}{a}{a}{a}{a}\n{a}{b}{a}{a}{a}{b}\n{a}{b}{a}{b}", runs),
        ask(f"{a}{b}{c} {b}{c}{END}é{END}{b}{c}", spaced, [END]),
    ]


@bpe_encode.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(f"low lower{END}", LOW, [END])


@bpe_encode.variant
def merge_after_merge(text, merges, specials=()):
    """Every merge in the order it was learned, wherever it fits."""
    ids = []
    for piece in split_specials(text, specials):
        if piece in specials:
            ids.append(256 + len(merges) + list(specials).index(piece))
        else:
            for word in split_words(piece):
                tokens = list(word.encode())
                for i, pair in enumerate(merges):
                    tokens = bpe.merge_pair(tokens, pair, 256 + i)
                ids.extend(tokens)
    return ids


@bpe_encode.variant
def one_pair_at_a_time(text, merges, specials=()):
    """The leftmost of the pairs that were learned first, one by one."""
    new = {pair: 256 + i for i, pair in enumerate(merges)}
    names = {special: 256 + len(merges) + i for i, special in enumerate(specials)}
    longest = sorted(map(re.escape, specials), key=len, reverse=True)
    pieces = re.split("(" + "|".join(longest) + ")", text) if specials else [text]
    ids = []
    for piece in pieces:
        if piece in names:
            ids.append(names[piece])
            continue
        for word in split_words(piece):
            tokens = list(word.encode("utf-8"))
            while True:
                found = [
                    (new[pair], i)
                    for i, pair in enumerate(zip(tokens, tokens[1:], strict=False))
                    if pair in new
                ]
                if not found:
                    break
                token, i = min(found)
                tokens[i : i + 2] = [token]
            ids += tokens
    return ids


@bpe_encode.variant
def with_a_cache(text, merges, specials=()):
    rank, cache = {pair: i for i, pair in enumerate(merges)}, {}

    def encode(word):
        if word not in cache:
            tokens = [*word.encode()]
            while len(tokens) >= 2:
                pairs = {(tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1)}
                best = min(pairs, key=lambda pair: rank.get(pair, 10**9))
                if best not in rank:
                    break
                tokens = bpe.merge_pair(tokens, best, 256 + rank[best])
            cache[word] = tokens
        return cache[word]

    ids = []
    for piece in split_specials(text, specials):
        if piece in specials:
            ids += [256 + len(merges) + specials.index(piece)]
        else:
            ids += [token for word in split_words(piece) for token in encode(word)]
    return ids
