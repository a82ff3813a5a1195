"""Wrong answers for quality_filter: stop words, bounds, and what is returned."""

import string

from autograder.exercises.project.quality_filter import quality_filter
from autograder.exercises.project.quality_filter_mistakes import (
    BOUNDS,
    STOP,
    judged,
    other,
    tallies,
)


def bare(document):
    """The words without punctuation, in small letters."""
    return [word.strip(string.punctuation).lower() for word in document.split()]


@quality_filter.mistake(
    "Stop words are found inside other words.", "Is 'the' among the words of 'another mother'?"
)
def substrings(document):
    return other(document, stop_words=sum(word in document.lower() for word in STOP))


@quality_filter.mistake(
    "The same stop word twice counts as two.", "How many different stop words are in 'the the'?"
)
def twice(document):
    return other(document, stop_words=min(8, sum(word in STOP for word in bare(document))))


@quality_filter.mistake(
    "Stop words in capitals are not seen.", "With which word do many sentences begin?"
)
def capitals(document):
    words = {word.strip(string.punctuation) for word in document.split()}
    return other(document, stop_words=len(words & STOP))


@quality_filter.mistake(
    "Stop words with a comma or quotes are not seen.", "Which word is 'that,' without its comma?"
)
def punctuated(document):
    return other(document, stop_words=len({word.lower() for word in document.split()} & STOP))


@quality_filter.mistake("One stop word is enough.", "How many different ones are asked?")
def one_is_enough(document):
    return other(document, stop_words=2 if set(bare(document)) & STOP else 0)


@quality_filter.mistake(
    "The bounds themselves are not allowed.", "May a document have exactly 50 words?"
)
def bounds_excluded(document):
    found = tallies(document)
    bounds = {**BOUNDS, "letters": (0.8, 2), "stop words": (1, 9)}
    broken = [
        name
        for name, (low, high) in bounds.items()
        if (low and found[name] <= low) or found[name] >= high
    ]
    return not broken, broken


@quality_filter.mistake(
    "There is no upper bound to the number of words.", "What is wrong with a very long document?"
)
def endless(document):
    return other(document, words=min(len(document.split()), 100_000))


@quality_filter.mistake(
    "Long words are not looked at: the mean word length has no upper bound.",
    "How long is a word on average in a page of addresses?",
)
def long_words(document):
    return other(document, word_length=min(tallies(document)["word length"], 10))


@quality_filter.mistake(
    "A document is kept when it keeps any of the rules.", "Must one rule be kept, or all of them?"
)
def any_for_all(document):
    _, broken = judged(tallies(document))
    return len(broken) < len(BOUNDS), broken


@quality_filter.mistake(
    "True stands for a document that is to be dropped.", "Does True mean kept, or broken?"
)
def the_other_way(document):
    keep, broken = judged(tallies(document))
    return not keep, broken


@quality_filter.mistake(
    "It stops at the first broken rule.", "Which rules does the docstring want to hear of?"
)
def first_only(document):
    keep, broken = judged(tallies(document))
    return keep, broken[:1]


@quality_filter.mistake(
    "The rules that are kept are returned, not those that are broken.",
    "What does the list hold for good prose?",
)
def kept_rules(document):
    keep, broken = judged(tallies(document))
    return keep, [name for name in BOUNDS if name not in broken]


@quality_filter.mistake(
    "A document without words makes it fail.", "By what do you divide if there are no words?"
)
def empty(document):
    len(document) / len(document.split())
    return judged(tallies(document))


@quality_filter.mistake(
    "A document without words is kept.", "Which of the rules does nothing at all keep?"
)
def nothing_kept(document):
    return judged(tallies(document)) if document.split() else (True, [])


@quality_filter.mistake(
    "Shares of the lines are compared with percentages.",
    "Is 90 % the number 90, or 0.9?",
)
def percentages(document):
    found = tallies(document)
    return other(document, bullets=found["bullets"] / 100, line_ends=found["line ends"] / 100)
