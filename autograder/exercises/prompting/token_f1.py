"""token_f1: how well the words of an answer agree with a reference."""

import re
import string
from collections import Counter

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked
from autograder.exercises.prompting.told import in_numbers
from autograder.trial import Trial, ask
from gradus import overlap as reference

token_f1 = Exercise(reference.token_f1)

BY_HAND = ask("in the year 1969", ["July 1969"])
OFTEN = [
    ask("no no no", ["no"]),
    ask("yes yes no", ["yes no no no"]),
    ask("so so", ["so so"]),
]
UNEQUAL = [
    ask("one", ["one two three four"]),
    ask("one two three four", ["one"]),
    ask("two one", ["one two"]),
]
WRITTEN = [
    ask("The Apollo program.", ["apollo program"]),
    ask("don't, stop!", ["dont stop"]),
    ask("a man, an idea; THE END", ["man idea end"]),
    ask("theme another", ["me other"]),
    ask("well-known", ["well known"]),
    ask("one\ttwo\n\nthree", ["one two three"]),
    ask("stops", ["stop"]),
]
SEVERAL = [
    ask("paris", ["lyon", "paris", "nice"]),
    ask("one two", ["one two three four", "two five", "six"]),
    ask("one", ["one two", "three"]),
]
EMPTY = [
    ask("", ["one"]),
    ask("one", [""]),
    ask("", [""]),
    ask("the", ["a"]),
    ask("!", ["?"]),
    ask("one", ["two"]),
    ask("", ["one", "..."]),
]
REFUSED = [ask("one", [])]


@token_f1.case("two words out of three and two, by hand", 0.5, judge=Asked([BY_HAND], in_numbers))
def by_hand(rng: Generator) -> ByHand:
    # Of in, year, 1969 one is shared, of July, 1969 one: 1/3 and 1/2.
    return ByHand(BY_HAND, 0.4)


@token_f1.case("words that come several times", judge=Asked(OFTEN, in_numbers))
def often(rng: Generator) -> list[Trial]:
    return OFTEN


@token_f1.case("short answers and long ones, other orders", 0.5, judge=Asked(UNEQUAL, in_numbers))
def unequal(rng: Generator) -> list[Trial]:
    return UNEQUAL


@token_f1.case(
    "what is the same word",
    judge=Asked(WRITTEN, in_numbers),
    hint="First small letters, then no punctuation, then no articles. A hyphen is punctuation.",
)
def written(rng: Generator) -> list[Trial]:
    return WRITTEN


@token_f1.case("several references", 0.5, judge=Asked(SEVERAL, in_numbers))
def several(rng: Generator) -> list[Trial]:
    return SEVERAL


@token_f1.case("no words, and nothing in common", 0.5, judge=Asked(EMPTY, in_numbers))
def empty(rng: Generator) -> list[Trial]:
    return EMPTY


@token_f1.case("no references are refused", 0.25, judge=Asked(REFUSED, in_numbers))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@token_f1.case("hidden answers", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    words = ["moss", "clay", "Iron", "the", "salt,", "snow"]

    def text(length: int) -> str:
        return " ".join(words[i] for i in randint(6, (length,), generator=rng))

    return [
        ask(f"moss moss {text(5)}", [f"moss clay {text(3)}", f"snow {text(7)}"]) for _ in range(4)
    ]


@token_f1.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask("the one", ["one two"])


@token_f1.variant
def with_precision_and_recall(prediction, references):
    if len(references) == 0:
        raise ValueError("no reference")

    def normalise(text):
        text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
        return re.sub(r"\b(a|an|the)\b", " ", text).split()

    best = 0.0
    for one in references:
        mine, theirs = normalise(prediction), normalise(one)
        if not mine or not theirs:
            best = max(best, float(mine == theirs))
            continue
        shared = sum((Counter(mine) & Counter(theirs)).values())
        if shared:
            precision, recall = shared / len(mine), shared / len(theirs)
            best = max(best, 2 * precision * recall / (precision + recall))
    return best


@token_f1.variant
def by_crossing_out(prediction, references):
    def words(text):
        for mark in string.punctuation:
            text = text.replace(mark, "")
        return [word for word in text.lower().split() if word not in {"a", "an", "the"}]

    def one(reference):
        mine, left, shared = words(prediction), words(reference), 0
        total = len(mine) + len(left)
        for word in mine:
            if word in left:
                left.remove(word)
                shared += 1
        return 1.0 if total == 0 else 2 * shared / total

    if not references:
        raise ValueError("no reference")
    return max(one(reference) for reference in references)
