"""train_bpe: which pairs to merge, and in which order."""

from collections import Counter

from torch import Generator

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, letters
from autograder.exercises.tokenizer.merge_pair import merge_pair
from autograder.exercises.tokenizer.pair_counts import pair_counts
from autograder.exercises.tokenizer.spelling import merges_in_words
from autograder.trial import Trial, ask
from gradus import bpe
from gradus.splitting import split_specials, split_words

train_bpe = Exercise(bpe.train_bpe, uses=[pair_counts, merge_pair])

END, PAD = "<|end|>", "<|pad|>"

# Only TIES and the hidden texts hold equally frequent pairs, and only LITTLE runs out of pairs, so
# that who gets these wrong loses no other points.
BY_HAND = ask("ababab cab", 256 + 2)
OFTEN = [
    ask("cd\ncd\ncd\nab\nab\nef", 256 + 3),
    ask("abc\nabc\nab\nab", 256 + 2),
    ask("cdcdcd\nab\nab", 256 + 1),
    ask("ba\nbabbbb", 256 + 2),
    ask("aaaaaaaa", 256 + 3),
]
TIES = [
    ask("ba", 256 + 1),
    ask("ca ab", 256 + 2),
    ask("ab!ab?bc", 256 + 4),
    ask("cbacba ab bcab", 256 + 8),
    ask("the theme of these seas", 256 + 12),
    ask("日本 日本語", 256 + 6),
]
WORDS = [
    ask("aa a a a\naa", 256 + 2),
    ask("  a\n  a\n  a", 256 + 2),
    ask("a  ", 256 + 1),
    ask("n't\nn't", 256 + 1),
    ask("1a1a\nbb\nbb", 256 + 1),
    ask("Aa\nAa\naa\naa\naa", 256 + 2),
]
LETTERS = [ask("éaéa\né", 256 + 2), ask("ÿÿ\nÿ", 256 + 1)]
SPECIALS = [
    ask(f"ab{END}ab{END}", 256 + 2, [END]),
    ask(f"a{END}a{END}a{END}a\nbb\nbb", 256 + 2, [END]),
    ask("nd<|nd|>nd", 256 + 2, ["<|nd|>"]),
    ask(f"ab{PAD}{PAD}{PAD}ab{END}", 256 + 3, [END, PAD]),
    ask("ababab<s>cdcd<s>", 256 + 2, ["<s>"]),
]
SIZES = [
    ask("aaaaaaaa", 256 + 4, [END, PAD]),
    ask("aaaaaaaa", 256),
    ask("aaaaaaaa", 256 + 1, [END]),
    ask("aaaaaaaa", 255),
    ask("aaaaaaaa", 256 + 1, [END, PAD]),
]
LITTLE = [ask("aaaa", 1000), ask("", 300), ask("a\nb", 300), ask("ab", 256 + 4)]


@train_bpe.case("ababab cab, by hand", judge=Asked([BY_HAND], merges_in_words))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, [(97, 98), (256, 256)])


@train_bpe.case("the most frequent pair first, every time", judge=Asked(OFTEN, merges_in_words))
def often(rng: Generator) -> list[Trial]:
    return OFTEN


@train_bpe.case(
    "of equally frequent pairs the smallest",
    judge=Asked(TIES, merges_in_words),
    hint="If the order is wrong: pairs are compared as tuples, first the left ids, then the right.",
)
def ties(rng: Generator) -> list[Trial]:
    return TIES


@train_bpe.case("within words, spaces included", judge=Asked(WORDS, merges_in_words))
def words(rng: Generator) -> list[Trial]:
    return WORDS


@train_bpe.case("letters of more than one byte", 0.5, judge=Asked(LETTERS, merges_in_words))
def several_bytes(rng: Generator) -> list[Trial]:
    return LETTERS


@train_bpe.case("nothing is learned from specials", judge=Asked(SPECIALS, merges_in_words))
def specials(rng: Generator) -> list[Trial]:
    return SPECIALS


@train_bpe.case("the vocabulary has the size asked for", judge=Asked(SIZES, merges_in_words))
def sizes(rng: Generator) -> list[Trial]:
    return SIZES


@train_bpe.case("little text, down to the last pair", 0.5, judge=Asked(LITTLE, merges_in_words))
def little(rng: Generator) -> list[Trial]:
    return LITTLE


@train_bpe.case("hidden texts", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    other = str.maketrans("abcdef", "".join(letters(rng, 6)))
    apart = END.join("aaaa")
    asked = [
        ("cd\ncd\ncd\nab\nab\nef", 3),
        ("abc\nabc\nab\nab cc cc", 5),
        ("cdcdcd\nab\nab", 1),
        ("ba\nbabbbb", 2),
        ("ab\nac", 2),
        ("cbacba ab bcab", 8),
        ("bad cafe  face a decade  fed a bad bed", 12),
        (f"{apart}\nbbbb\nbbbb", 2),
    ]
    # The specials are put in again, because their letters are translated, too.
    return [
        ask(text.translate(other).replace(END.translate(other), END), 257 + merges, [END])
        for text, merges in asked
    ]


@train_bpe.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(f"abab{END}ab", 256 + 2, [END])


@train_bpe.variant
def word_by_word(text, vocab_size, specials=()):
    room = vocab_size - 256 - len(specials)
    if room < 0:
        raise ValueError("too small")
    pieces = [p for p in split_specials(text, specials) if p not in specials]
    words = [list(word.encode("utf-8")) for piece in pieces for word in split_words(piece)]
    merges: list[tuple[int, int]] = []
    for new in range(256, 256 + room):
        counts: Counter[tuple[int, int]] = Counter()
        for word in words:
            for i in range(len(word) - 1):
                counts[word[i], word[i + 1]] += 1
        if not counts:
            return merges
        most = max(counts.values())
        best = min(pair for pair, n in counts.items() if n == most)
        merges.append(best)
        for word in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    word[i : i + 2] = [new]
                i += 1
    return merges


@train_bpe.variant
def by_sorting(text, vocab_size, specials=()):
    assert_room = vocab_size - len(specials) >= 256
    if not assert_room:
        raise ValueError(vocab_size)
    words: Counter[tuple[int, ...]] = Counter()
    for piece in split_specials(text, specials):
        if piece not in specials:
            words.update(tuple(w.encode()) for w in split_words(piece))
    merges: list[tuple[int, int]] = []
    while 256 + len(merges) + len(specials) < vocab_size:
        counts = bpe.pair_counts(words)
        if not counts:
            break
        ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        merges.append(ranking[0][0])
        new = 255 + len(merges)
        words = Counter({tuple(bpe.merge_pair(w, merges[-1], new)): n for w, n in words.items()})
    return merges


@train_bpe.variant
def counting_on(text, vocab_size, specials=()):
    """Keeps its counts up to date."""
    if vocab_size < 256 + len(specials):
        raise ValueError("no room")
    words: Counter[tuple[int, ...]] = Counter()
    for piece in split_specials(text, specials):
        if piece not in specials:
            words.update(tuple(w.encode()) for w in split_words(piece))
    counts: Counter[tuple[int, int]] = Counter(bpe.pair_counts(words))
    merges: list[tuple[int, int]] = []
    while len(merges) < vocab_size - 256 - len(specials) and +counts:
        pair = max(counts, key=lambda p: (counts[p], -p[0], -p[1]))
        after: Counter[tuple[int, ...]] = Counter()
        for word, n in words.items():
            merged = tuple(bpe.merge_pair(word, pair, 256 + len(merges)))
            after[merged] = n
            if merged != word:
                counts.subtract(bpe.pair_counts({word: n}))
                counts.update(bpe.pair_counts({merged: n}))
        words = after
        merges.append(pair)
    return merges
