"""What goes wrong in rouge_n."""

import re

from autograder.exercises.prompting.rouge_n import rouge_n
from autograder.exercises.prompting.rouge_n_steps import (
    compare,
    harmonic,
    in_a_row,
    often,
    words_of,
)
from gradus.overlap import rouge_n as right


@rouge_n.mistake(
    "n-grams are counted once, however often they come: sets, not counts.",
    "How many words of 'the the the' does 'the cat and the dog' share?",
)
def sets(prediction, references, n=1):
    def grams(words, n):
        return [*set(in_a_row(words, n))]

    return compare(prediction, references, n, grams=grams)


@rouge_n.mistake(
    "Shared n-grams are counted once, but all of them below the line.",
    "How many pairs do 'no no no' and 'no no no no no' share?",
)
def shared_once(prediction, references, n=1):
    return compare(prediction, references, n, shared=lambda m, t: len(set(m) & set(t)))


@rouge_n.mistake(
    "Counts are not clipped: an n-gram that the prediction repeats is shared each time.",
    "How often can 'the' be shared with a text that has it twice?",
)
def not_clipped(prediction, references, n=1):
    return compare(prediction, references, n, shared=lambda m, t: sum(gram in t for gram in m))


@rouge_n.mistake(
    "Precision and recall are exchanged.", "Which of the two divides by the prediction's n-grams?"
)
def exchanged(prediction, references, n=1):
    p, r, f1 = right(prediction, references, n)
    return r, p, f1


@rouge_n.mistake(
    "The recall is returned in the place of F1.",
    "What becomes of F1 when a text grows ever longer?",
)
def recall_as_f1(prediction, references, n=1):
    p, r, _ = right(prediction, references, n)
    return p, r, r


@rouge_n.mistake(
    "F1 is the ordinary mean of precision and recall.", "With 1 and 1/3, what is the harmonic mean?"
)
def plain_mean(prediction, references, n=1):
    return compare(prediction, references, n, f1=lambda p, r: (p + r) / 2)


@rouge_n.mistake("The factor 2 is missing in F1.", "What is F1 if precision and recall are 1?")
def without_two(prediction, references, n=1):
    return compare(prediction, references, n, f1=lambda p, r: p * r / (p + r))


@rouge_n.mistake(
    "F1 is the geometric mean of precision and recall.", "Where does the root come from?"
)
def geometric(prediction, references, n=1):
    return compare(prediction, references, n, f1=lambda p, r: (p * r) ** 0.5)


@rouge_n.mistake(
    "It is always single words that are compared, whatever n is.", "Where does your code use n?"
)
def single_words(prediction, references, n=1):
    right(prediction, references, n)
    return right(prediction, references, 1)


@rouge_n.mistake(
    "n-grams do not overlap: the text is cut into pieces of n words.",
    "How many pairs in a row has 'the cat sat down'?",
)
def pieces(prediction, references, n=1):
    def grams(words, n):
        return [tuple(words[i : i + n]) for i in range(0, len(words) - n + 1, n)]

    return compare(prediction, references, n, grams=grams)


@rouge_n.mistake("The last n-gram is missing.", "A text of n words: how many n-grams has it?")
def last_missing(prediction, references, n=1):
    return compare(prediction, references, n, grams=lambda words, n: in_a_row(words, n)[:-1])


@rouge_n.mistake(
    "Shorter ends count as n-grams too.", "How many words has the last slice of your loop?"
)
def short_ends(prediction, references, n=1):
    def grams(words, n):
        return [tuple(words[i : i + n]) for i in range(len(words))]

    return compare(prediction, references, n, grams=grams)


@rouge_n.mistake(
    "The words of an n-gram are sorted: their order no longer matters.",
    "Is 'dog bites man' the same as 'man bites dog'?",
)
def order_lost(prediction, references, n=1):
    def grams(words, n):
        return [tuple(sorted(gram)) for gram in in_a_row(words, n)]

    return compare(prediction, references, n, grams=grams)


@rouge_n.mistake("n-grams of letters are compared, not of words.", "Over what does your loop run?")
def letters(prediction, references, n=1):
    return compare(prediction, references, n, words=lambda text: list("".join(words_of(text))))


@rouge_n.mistake(
    "It divides by the number of words, not of n-grams.",
    "A text of 4 words: how many pairs has it?",
)
def by_words(prediction, references, n=1):
    right(prediction, references, n)
    found = []
    for reference in references:
        mine, theirs = words_of(prediction), words_of(reference)
        both = often(in_a_row(mine, n), in_a_row(theirs, n))
        p, r = both / max(1, len(mine)), both / max(1, len(theirs))
        found.append((p, r, harmonic(p, r)) if both else (0.0, 0.0, 0.0))
    return max(found, key=lambda scores: scores[2])


@rouge_n.mistake("Capitals matter.", "Is 'The' another word than 'the'?")
def capitals(prediction, references, n=1):
    return compare(prediction, references, n, words=lambda text: re.findall(r"[^\W_]+", text))
