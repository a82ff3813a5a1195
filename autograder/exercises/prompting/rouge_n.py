"""rouge_n: how many n-grams of a reference are in a text."""

from collections import Counter

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked
from autograder.exercises.prompting.told import in_numbers
from autograder.trial import Trial, ask
from gradus import overlap as reference

rouge_n = Exercise(reference.rouge_n, returns=("the precision", "the recall", "the F1"))

BY_HAND = ask("the cat sat down", ["the cat lay down there"], 2)
ONE = [
    ask("the cat", ["the cat sat on the mat"]),
    ask("the cat sat on the mat", ["the cat"]),
    ask("down the cat sat", ["the cat sat down"]),
]
OFTEN = [
    ask("the the the", ["the cat and the dog"]),
    ask("no no no yes", ["no no yes yes"]),
    ask("no no no", ["no no no no no"], 2),
]
PAIRS = [
    ask("cat the sat down", ["the cat sat down"], 2),
    ask("the cat sat down", ["the cat sat down"], 3),
    ask("one two three four", ["two three four one"], 3),
    ask("one two x three", ["one two three"], 2),
]
WRITTEN = [
    ask("The cat's MAT.", ["the cat s mat"]),
    ask("well-known, isn't it?", ["Well known isn t it"]),
    ask("snake_case", ["snake case"]),
    ask("cats", ["cat"]),
    ask("The end. A start", ["end a"], 2),
    ask("Caf\u00e9 7", ["caf 7"]),
]
SEVERAL = [
    ask("the cat sat", ["a dog", "the cat sat", "the cat"]),
    ask("one two", ["one two three four five six", "one seven", "eight"]),
    ask("one two three four", ["one", "one two", "five one two three four six seven"], 1),
    ask("one two", ["one x y", "two z q"]),
]
EMPTY = [
    ask("", ["the cat"]),
    ask("the cat", [""]),
    ask("", [""]),
    ask("cat", ["cat"], 2),
    ask("a b", ["c d"]),
]
REFUSED = [ask("the cat", []), ask("the cat", ["the cat"], 0)]


@rouge_n.case("pairs of words, by hand", 0.5, judge=Asked([BY_HAND], in_numbers))
def by_hand(rng: Generator) -> ByHand:
    # "the cat" is shared: one pair of three, and one of four.
    return ByHand(BY_HAND, (1 / 3, 1 / 4, 2 / 7))


@rouge_n.case("short texts and long ones", judge=Asked(ONE, in_numbers))
def one(rng: Generator) -> list[Trial]:
    return ONE


@rouge_n.case("n-grams that come several times", judge=Asked(OFTEN, in_numbers))
def often(rng: Generator) -> list[Trial]:
    return OFTEN


@rouge_n.case("words in a row", judge=Asked(PAIRS, in_numbers))
def pairs(rng: Generator) -> list[Trial]:
    return PAIRS


@rouge_n.case("what is a word", 0.5, judge=Asked(WRITTEN, in_numbers))
def written(rng: Generator) -> list[Trial]:
    return WRITTEN


@rouge_n.case("several references", 0.5, judge=Asked(SEVERAL, in_numbers))
def several(rng: Generator) -> list[Trial]:
    return SEVERAL


@rouge_n.case("too short, and nothing in common", 0.5, judge=Asked(EMPTY, in_numbers))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@rouge_n.case("no references, and n of 0, are refused", 0.25, judge=Asked(REFUSED, in_numbers))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@rouge_n.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    words = ["moss", "clay", "Iron", "salt,", "snow."]

    def text(length: int) -> str:
        return " ".join(words[i] for i in randint(5, (length,), generator=rng))

    return [
        ask(f"moss moss clay {text(6)}", [f"moss clay {text(4)}", f"iron salt {text(8)}"], n)
        for n in (1, 2, 2, 3)
    ]


@rouge_n.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask("the one", ["the one two"], 1)


@rouge_n.variant
def by_crossing_out(prediction, references, n=1):
    if n <= 0 or len(references) == 0:
        raise ValueError("refused")

    def grams(text):
        text = "".join(letter if letter.isalnum() else " " for letter in text.lower())
        words = text.split()
        return [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]

    best = (0.0, 0.0, 0.0)
    for reference_text in references:
        mine, left = grams(prediction), grams(reference_text)
        sizes, shared = (len(mine), len(left)), 0
        for gram in mine:
            if gram in left:
                left.remove(gram)
                shared += 1
        if shared:
            f1 = 2 * shared / sum(sizes)
            if f1 > best[2]:
                best = (shared / sizes[0], shared / sizes[1], f1)
    return best


@rouge_n.variant
def with_counters(prediction, references, n=1):
    if n < 1:
        raise ValueError(n)

    def grams(text):
        words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
        return Counter(tuple(words[i : i + n]) for i in range(max(0, len(words) - n + 1)))

    found = []
    for text in references:
        mine, theirs = grams(prediction), grams(text)
        shared = sum(min(count, theirs[gram]) for gram, count in mine.items())
        p = shared / max(1, sum(mine.values()))
        r = shared / max(1, sum(theirs.values()))
        found.append((p, r, 2 * p * r / (p + r) if p + r else 0.0))
    if not found:
        raise ValueError("no references")
    return max(found, key=lambda scores: scores[-1])
