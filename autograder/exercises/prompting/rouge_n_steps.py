"""rouge_n with its parts in the open: what goes wrong is one of them, turned."""

import re
from collections import Counter

from gradus.overlap import rouge_n as right


def words_of(text):
    """Runs of letters and digits, in small letters."""
    return re.findall(r"[^\W_]+", text.lower())


def in_a_row(words, n):
    """All n-grams, one for each place."""
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def often(mine, theirs):
    """What two lists share, as often as they share it."""
    return (Counter(mine) & Counter(theirs)).total()


def harmonic(p, r):
    """F1 of a precision and a recall that are not both 0."""
    return 2 * p * r / (p + r)


def compare(
    prediction, references, n, words=words_of, grams=in_a_row, shared=often, f1=harmonic, pick=None
):
    """Compare with every screw in the open."""
    right(prediction, references, n)
    found = []
    for reference in references:
        mine, theirs = grams(words(prediction), n), grams(words(reference), n)
        both = shared(mine, theirs)
        if not both:
            found.append((0.0, 0.0, 0.0))
            continue
        p, r = both / len(mine), both / len(theirs)
        found.append((p, r, f1(p, r)))
    return pick(found) if pick else max(found, key=lambda scores: scores[2])
