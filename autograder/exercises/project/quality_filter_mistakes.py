"""Wrong answers for quality_filter: what is counted, and what it is divided by."""

import string
from statistics import median

from autograder.exercises.project.quality_filter import quality_filter

STOP = {"the", "be", "to", "of", "and", "that", "have", "with"}


def tallies(document, lines=None):
    """What each rule counts, by its name."""
    words = document.split()
    if lines is None:
        lines = [line.strip() for line in document.splitlines() if line.strip()]
    n, many = max(len(words), 1), max(len(lines), 1)
    return {
        "words": len(words),
        "word length": sum(map(len, words)) / n,
        "hashes": document.count("#") / n,
        "ellipses": (document.count("...") + document.count("…")) / n,
        "bullets": sum(line.startswith(("•", "-", "*")) for line in lines) / many,
        "line ends": sum(line.endswith(("...", "…")) for line in lines) / many,
        "letters": sum(any(map(str.isalpha, word)) for word in words) / n,
        "stop words": len({w.strip(string.punctuation).lower() for w in words} & STOP),
    }


BOUNDS = {
    "words": (50, 100_000),
    "word length": (3, 10),
    "hashes": (0, 0.1),
    "ellipses": (0, 0.1),
    "bullets": (0, 0.9),
    "line ends": (0, 0.3),
    "letters": (0.8, 1),
    "stop words": (2, 8),
}


def judged(found):
    """Compare the counts with the bounds."""
    broken = [name for name, (low, high) in BOUNDS.items() if not low <= found[name] <= high]
    return not broken, broken


def other(document, **counts):
    """The right counts, some of them replaced; an underscore stands for a space."""
    named = {name.replace("_", " "): count for name, count in counts.items()}
    return judged({**tallies(document), **named})


@quality_filter.mistake(
    "Characters are counted in place of words.", "How many words has a line of 80 characters?"
)
def characters(document):
    return other(document, words=len(document))


@quality_filter.mistake(
    "The mean word length counts the spaces between the words, too.",
    "How many characters have the three words of 'a bc def', without the spaces?",
)
def with_spaces(document):
    return other(document, word_length=len(document) / max(len(document.split()), 1))


@quality_filter.mistake(
    "The median word length is taken, not the mean.",
    "Twenty words of one letter and thirty of thirteen: how long is a word on average?",
)
def middle(document):
    words = document.split()
    return other(document, word_length=median(map(len, words)) if words else 0)


@quality_filter.mistake(
    "The ratio is upside down: words for each sign, not signs for each word.",
    "Which number grows when there are more # in the same text?",
)
def upside_down(document):
    n, hashes = len(document.split()), document.count("#")
    ellipses = document.count("...") + document.count("…")
    return other(
        document,
        hashes=n / hashes if hashes else 0,
        ellipses=n / ellipses if ellipses else 0,
    )


@quality_filter.mistake(
    "Signs are divided by the characters of the text, not by its words.",
    "A tenth of what may # be?",
)
def by_characters(document):
    n, hashes = max(len(document), 1), document.count("#")
    ellipses = document.count("...") + document.count("…")
    return other(document, hashes=hashes / n, ellipses=ellipses / n)


@quality_filter.mistake(
    "Words that begin with # are counted, not every #.", "How many # are in '######'?"
)
def hash_words(document):
    words = document.split()
    return other(document, hashes=sum(w.startswith("#") for w in words) / max(len(words), 1))


@quality_filter.mistake(
    "Only three dots count as an ellipsis, not the one character for it.",
    "In how many ways can an ellipsis be written?",
)
def dots_only(document):
    lines = [line.strip() for line in document.splitlines() if line.strip()]
    ends = sum(line.endswith("...") for line in lines) / max(len(lines), 1)
    ellipses = document.count("...") / max(len(document.split()), 1)
    return other(document, ellipses=ellipses, line_ends=ends)


@quality_filter.mistake(
    "Every dot counts, not every ellipsis.", "How many ellipses are in 'Oh...'?"
)
def every_dot(document):
    dots = document.count(".") + document.count("…")
    return other(document, ellipses=dots / max(len(document.split()), 1))


@quality_filter.mistake(
    "Blank lines count as lines.", "Can a line with nothing on it begin with a bullet?"
)
def blank_lines(document):
    lines = [line.strip() for line in document.split("\n")]
    return judged(tallies(document, lines))


@quality_filter.mistake(
    "A bullet behind spaces or tabs is not seen.", "How does the second level of a list begin?"
)
def indented(document):
    lines = [line.rstrip() for line in document.splitlines() if line.strip()]
    return judged(tallies(document, lines))


@quality_filter.mistake(
    "An ellipsis with a space behind it is not seen at the end of its line.",
    "Do you see whether a line ends in a space?",
)
def trailing(document):
    lines = [line.lstrip() for line in document.splitlines() if line.strip()]
    return judged(tallies(document, lines))


@quality_filter.mistake(
    "A bullet anywhere in the line counts.", "Where in its line does a bullet stand?"
)
def anywhere(document):
    lines = [line for line in document.splitlines() if line.strip()]
    hits = sum(any(mark in line for mark in "•-*") for line in lines)
    return other(document, bullets=hits / max(len(lines), 1))


@quality_filter.mistake(
    "Only the hyphen counts as a bullet.", "Which three signs does the rule name?"
)
def hyphens(document):
    lines = [line.strip() for line in document.splitlines() if line.strip()]
    hits = sum(line.startswith("-") for line in lines)
    return other(document, bullets=hits / max(len(lines), 1))


@quality_filter.mistake(
    "A word must be all letters, where one letter is enough.",
    "Does 'don't' hold a letter? Does 'mp3'?",
)
def all_letters(document):
    words = document.split()
    return other(document, letters=sum(map(str.isalpha, words)) / max(len(words), 1))


@quality_filter.mistake("Digits count as letters.", "What does isalnum() say of '1969'?")
def digits(document):
    words = document.split()
    hits = sum(any(map(str.isalnum, word)) for word in words)
    return other(document, letters=hits / max(len(words), 1))


@quality_filter.mistake(
    "The share of the characters is taken, where the rule asks for that of the words.",
    "Of what must 80 % hold a letter?",
)
def share_of_characters(document):
    text = "".join(document.split())
    return other(document, letters=sum(map(str.isalpha, text)) / max(len(text), 1))
