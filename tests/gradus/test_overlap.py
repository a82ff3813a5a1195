"""Overlaps held against examples worked out by hand, laws, and crossing out word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.overlap import rouge_n, token_f1

words = st.lists(st.sampled_from("x y z".split()), max_size=7)


def crossed_out(mine, theirs):
    """How many of one list can be crossed out in the other, each once."""
    left, count = list(theirs), 0
    for one in mine:
        if one in left:
            left.remove(one)
            count += 1
    return count


@pytest.mark.parametrize(
    ("answer", "references", "f1"),
    [
        ("in the year 1969", ["July 1969"], 2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2)),
        ("The Apollo program.", ["apollo program"], 1.0),
        ("no no no", ["no"], 0.5),
        ("don't", ["dont"], 1.0),
        ("theme", ["me"], 0.0),
        ("one", ["two", "one two", "one two three"], 2 / 3),
        ("", [""], 1.0),
        ("the", ["a"], 1.0),
        ("", ["one"], 0.0),
    ],
)
def test_token_f1_by_hand(answer, references, f1):
    assert token_f1(answer, references) == pytest.approx(f1)


@given(words, words)
def test_token_f1_is_that_of_crossing_out(mine, theirs):
    got = token_f1(" ".join(mine), [" ".join(theirs)])

    shared, both = crossed_out(mine, theirs), len(mine) + len(theirs)
    assert got == pytest.approx(2 * shared / both if both else 1.0)
    assert got == token_f1(" ".join(theirs), [" ".join(mine)])


@pytest.mark.parametrize(
    ("text", "references", "n", "expected"),
    [
        ("the cat sat down", ["the cat lay down there"], 2, (1 / 3, 1 / 4, 2 / 7)),
        ("the the the", ["the cat and the dog"], 1, (2 / 3, 2 / 5, 1 / 2)),
        ("The end. A start", ["end a"], 2, (1 / 3, 1.0, 0.5)),
        ("well-known", ["WELL known!"], 2, (1.0, 1.0, 1.0)),
        ("cat", ["cat"], 2, (0.0, 0.0, 0.0)),
        ("", [""], 1, (0.0, 0.0, 0.0)),
        ("one two", ["one", "two one six"], 1, (1.0, 2 / 3, 0.8)),
        ("one two", ["one x y", "two z q"], 1, (1 / 2, 1 / 3, 2 / 5)),
    ],
)
def test_rouge_by_hand(text, references, n, expected):
    assert rouge_n(text, references, n) == pytest.approx(expected)


@given(words, words, st.integers(1, 3))
def test_rouge_is_that_of_crossing_out(mine, theirs, n):
    def grams(some):
        return [some[i : i + n] for i in range(len(some) - n + 1)]

    precision, recall, f1 = rouge_n(" ".join(mine), [" ".join(theirs)], n)

    shared = crossed_out(grams(mine), grams(theirs))
    assert precision == pytest.approx(shared / len(grams(mine)) if shared else 0)
    assert recall == pytest.approx(shared / len(grams(theirs)) if shared else 0)
    sizes = len(grams(mine)) + len(grams(theirs))
    assert f1 == pytest.approx(2 * shared / sizes if shared else 0)


@given(words, words, st.integers(1, 3))
def test_exchanging_the_texts_exchanges_precision_and_recall(mine, theirs, n):
    precision, recall, f1 = rouge_n(" ".join(mine), [" ".join(theirs)], n)

    assert rouge_n(" ".join(theirs), [" ".join(mine)], n) == pytest.approx((recall, precision, f1))


def test_nothing_to_compare_with_is_refused():
    with pytest.raises(ValueError, match="at least one reference"):
        token_f1("one", [])
    with pytest.raises(ValueError, match="at least one reference"):
        rouge_n("one", [])
    with pytest.raises(ValueError, match="n=0"):
        rouge_n("one", ["one"], 0)
