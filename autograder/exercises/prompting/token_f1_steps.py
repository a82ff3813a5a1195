"""token_f1 with its parts in the open: what goes wrong is one of them, turned."""

import string
from collections import Counter

from gradus.overlap import token_f1 as right

MARKS = str.maketrans("", "", string.punctuation)

SPACES = str.maketrans(string.punctuation, " " * len(string.punctuation))


def words_of(text):
    """The words as SQuAD counts them."""
    return [word for word in text.lower().translate(MARKS).split() if word not in ARTICLES]


ARTICLES = ("a", "an", "the")


def harmonic(shared, mine, theirs):
    """F1 of a number of shared words; 1 for no words at all."""
    return 2 * shared / (mine + theirs) if mine + theirs else 1.0


def often(mine, theirs):
    """Words that two lists share, as often as they share them."""
    return (Counter(mine) & Counter(theirs)).total()


def compare(prediction, references, words=words_of, shared=often, score=harmonic, best=max):
    """Compare with every screw in the open."""
    right(prediction, references)
    scores = []
    for reference in references:
        mine, theirs = words(prediction), words(reference)
        scores.append(score(shared(mine, theirs), len(mine), len(theirs)))
    return float(best(scores))
