"""pair_counts: how often each two ids stand side by side."""

from collections import Counter, defaultdict
from itertools import pairwise

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, letters
from autograder.trial import Trial, ask
from gradus import bpe

pair_counts = Exercise(bpe.pair_counts)

BY_HAND = ask({(1, 2, 3): 1, (4, 2, 3): 1})
TIMES = [ask({(4, 5, 6): 3, (5, 6): 2, (6, 5): 1})]
RUNS = [ask({(7, 7, 7): 2}), ask({(7, 7, 7, 7): 1, (1, 7, 7): 1})]
ORDER = [ask({(1, 2, 1): 1, (2, 1): 3})]
SHORT = [ask({}), ask({(9,): 4}), ask({(): 1, (9,): 2, (9, 9): 1})]


@pair_counts.case("two words, by hand", 0.5, judge=Asked([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, {(1, 2): 1, (2, 3): 2, (4, 2): 1})


@pair_counts.case("a pair counts as often as its words occur", judge=Asked(TIMES))
def times(rng: Generator) -> list[Trial]:
    return TIMES


@pair_counts.case("a run of equal ids holds overlapping pairs", 0.5, judge=Asked(RUNS))
def runs(rng: Generator) -> list[Trial]:
    return RUNS


@pair_counts.case("(1, 2) is not (2, 1)", 0.5, judge=Asked(ORDER))
def order(rng: Generator) -> list[Trial]:
    return ORDER


@pair_counts.case("no words, and words without a pair", 0.25, judge=Asked(SHORT))
def short(rng: Generator) -> list[Trial]:
    return SHORT


@pair_counts.case("hidden words", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    lengths = randint(0, 7, (12,), generator=rng).tolist()
    words = [tuple(randint(97, 101, (n,), generator=rng).tolist()) for n in lengths]
    a, b = map(ord, letters(rng, 2))
    return [
        ask({word: 1 + i for i, word in enumerate(words)}),
        ask({(a, b, b, b, a): 4, (b, a, b, a): 2, (a, b): 3, (b, b, b): 1}),
    ]


@pair_counts.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask({(4, 5, 6): 3, (5, 6): 2})


def _each(words, pairs=pairwise):
    """Count what `pairs` finds in each word, as often as the word occurs."""
    counts: Counter[tuple[int, int]] = Counter()
    for word, times in words.items():
        for pair in pairs(word):
            counts[pair] += times
    return dict(counts)


@pair_counts.mistake(
    "It counts every word once, however often it occurs in the text.",
    "What do the numbers in `words` say?",
)
def without_times(words):
    return dict(Counter(pair for word in words for pair in pairwise(word)))


@pair_counts.mistake(
    "A pair that stands twice in one word is counted once.",
    "How many pairs does a word such as (1, 2, 1, 2) hold?",
)
def once_a_word(words):
    return _each(words, lambda word: set(pairwise(word)))


@pair_counts.mistake(
    "It counts in how many words a pair stands, not how often it stands in the text.",
    "If one word occurs 5 times, how often does its pair stand in the text?",
)
def words_with_the_pair(words):
    return dict(Counter(pair for word in words for pair in set(pairwise(word))))


@pair_counts.mistake(
    "In a run of equal ids it skips the pairs that overlap.",
    "Which two neighbours does (7, 7, 7) hold at places 0 and 1, and which at 1 and 2?",
)
def runs_once(words):
    def pairs(word):
        before = None
        for i, pair in enumerate(pairwise(word)):
            if before is not None and word[i - 1] == word[i] == word[i + 1]:
                before = None
                continue
            before = pair
            yield pair

    return _each(words, pairs)


@pair_counts.mistake(
    "It takes every second pair only: places 0 and 1, then 2 and 3.",
    "Are the ids at places 1 and 2 neighbours, too?",
)
def every_second(words):
    return _each(words, lambda word: zip(word[::2], word[1::2], strict=False))


@pair_counts.mistake(
    "It joins all words first, so that pairs reach from one word into the next.",
    "Where does the last id of a word have its right neighbour?",
)
def across_words(words):
    joined = [token for word, times in words.items() for token in word * times]
    return dict(Counter(pairwise(joined)))


@pair_counts.mistake(
    "It does not care about the order: (2, 1) is counted as (1, 2).",
    "Would 'ab' and 'ba' become the same token?",
)
def sorted_pairs(words):
    return _each(words, lambda word: (tuple(sorted(pair)) for pair in pairwise(word)))


@pair_counts.mistake(
    "Every pair is turned round: the right id comes first.",
    "Which of the two comes first in the word, and which first in your pair?",
)
def turned_round(words):
    return _each(words, lambda word: pairwise(word[::-1]))


@pair_counts.mistake(
    "The last pair of every word is left out.",
    "With 3 ids in a word there are 2 pairs. At which index does your loop end?",
)
def last_left_out(words):
    return _each(words, lambda word: pairwise(word[:-1]))


@pair_counts.mistake(
    "It looks past the end of a word.",
    "When i is the last place of a word, what is word[i + 1]?",
)
def past_the_end(words):
    return _each(words, lambda word: [(word[i], word[i + 1]) for i in range(len(word))])


@pair_counts.mistake(
    "The end of a word is paired with its beginning.",
    "What is word[i - 1] when i is 0?",
)
def round_the_corner(words):
    return _each(words, lambda word: [(word[i - 1], word[i]) for i in range(len(word))])


@pair_counts.mistake(
    "A later word overwrites what was counted before.",
    "Does your line add to the count that is there already?",
)
def overwritten(words):
    return {pair: times for word, times in words.items() for pair in pairwise(word)}


@pair_counts.mistake(
    "It counts single ids, not pairs of them.", "What is a key of the dictionary to be?"
)
def single_ids(words):
    return _each(words, iter)


@pair_counts.mistake(
    "It counts any two ids of a word, also those with others in between.",
    "Do the first and the last id of a long word stand side by side?",
)
def not_only_neighbours(words):
    return _each(words, lambda w: [(w[i], w[j]) for j in range(len(w)) for i in range(j)])


@pair_counts.variant
def with_index(words):
    counts: defaultdict[tuple[int, int], int] = defaultdict(int)
    for word in words:
        for i in range(1, len(word)):
            counts[word[i - 1], word[i]] += words[word]
    return counts


@pair_counts.variant
def with_counter(words):
    counts: Counter[tuple[int, int]] = Counter()
    for word, times in words.items():
        counts.update({pair: n * times for pair, n in Counter(pairwise(word)).items()})
    return counts


@pair_counts.variant
def with_get(words):
    counts: dict[tuple[int, int], int] = {}
    for word, times in words.items():
        for pair in zip(word[:-1], word[1:], strict=True):
            counts[pair] = counts.get(pair, 0) + times
    return counts
