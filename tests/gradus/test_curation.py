"""Curation held against brute force, papers' rules worked out by hand, and laws of proportion."""

import random
from fractions import Fraction
from itertools import combinations

import pytest

from gradus.curation import deduplicate, mixture_weights, quality_filter


def jaccard(one: str, other: str, shingle: int) -> Fraction:
    """By the definition, counting members one by one."""
    sets = []
    for text in (one, other):
        words = text.lower().split()
        runs = [" / ".join(words[i : i + shingle]) for i in range(len(words))]
        full = [run for run in runs if run.count(" / ") == shingle - 1]
        sets.append(set(full or ([" / ".join(words)] if words else [])))
    union = sets[0] | sets[1]
    return Fraction(len(sets[0] & sets[1]), len(union)) if union else Fraction(0)


@pytest.mark.parametrize("shingle", [1, 2, 3])
@pytest.mark.parametrize("threshold", [0.25, 0.5, 0.75, 1.0])
def test_what_is_kept_is_unlike_and_what_is_dropped_is_like_something_kept_before(
    shingle, threshold
):
    dice = random.Random(shingle)
    texts = [" ".join(dice.choices("abc", k=dice.randrange(8))) for _ in range(60)]

    kept = deduplicate(texts, threshold, shingle)

    for i, j in combinations(kept, 2):
        assert jaccard(texts[i], texts[j], shingle) < Fraction(threshold)
    for i in set(range(60)) - set(kept):
        before = [j for j in kept if j < i]
        assert any(jaccard(texts[i], texts[j], shingle) >= Fraction(threshold) for j in before)
    assert kept == sorted(kept)


def test_a_thousand_documents_with_nothing_in_common_are_never_compared():
    # With all pairs, ten times the documents would cost a hundred times as much.
    texts = [" ".join(f"{i}-{j}" for j in range(20)) for i in range(5000)]
    assert deduplicate(texts, 0.5, 3) == list(range(5000))


@pytest.mark.parametrize(("threshold", "shingle"), [(0.0, 2), (1.01, 2), (-1.0, 2), (0.5, 0)])
def test_what_makes_no_sense_is_refused(threshold, shingle):
    with pytest.raises(ValueError, match="threshold must be|at least 1 word"):
        deduplicate(["a", "b"], threshold, shingle)


# Rae et al. 2021 (Gopher), appendix A.1.1. A hundred words: ten lines of "the cat and ...".
LINE = "the cat and dog ran home to eat some fish"
GOOD = "\n".join([LINE] * 10)


def with_words(*others: str) -> str:
    """A hundred words on one line, the last of them given."""
    return " ".join([*GOOD.split()[: 100 - len(others)], *others])


# For each rule: a document on the bound, and one just past it.
SIDES = {
    "words": (" ".join(GOOD.split()[:50]), " ".join(GOOD.split()[:49])),
    "word length": (
        " ".join(["the", "and"] + ["abcdefghij"] * 96 + ["a" * 17] * 2),
        " ".join(["the", "and"] + ["abcdefghij"] * 96 + ["a" * 17, "a" * 18]),
    ),
    "hashes": (with_words("#" * 10), with_words("#" * 11)),
    "ellipses": (with_words("..." * 9 + "…x"), with_words("..." * 10 + "…x")),
    "bullets": (
        "\n".join([f"- {LINE}", f"* {LINE}", f"•{LINE}"] * 3 + [LINE]),
        "\n".join([f"  - {LINE}"] * 10),
    ),
    "line ends": (
        "\n".join([f"{LINE}...", f"{LINE} …", f"{LINE}... "] + [LINE] * 7),
        "\n".join([f"{LINE}..."] * 4 + [LINE] * 6),
    ),
    "letters": (with_words(*["1969"] * 20), with_words(*["1969"] * 21)),
    "stop words": (
        " ".join(["fish", "swim"] * 40 + ["That,", "HAVE"]),
        " ".join(["fish", "swim"] * 40 + ["that", "That"]),
    ),
}


@pytest.mark.parametrize("rule", SIDES)
def test_each_rule_of_gopher_keeps_its_bound_and_nothing_past_it(rule):
    on, past = SIDES[rule]
    assert quality_filter(on) == (True, [])
    assert quality_filter(past) == (False, [rule])


@pytest.mark.parametrize(
    ("document", "broken"),
    [
        ("of the " * 50, ["word length"]),  # 2.5 characters a word
        (" ".join(["the", "and", *["cat"] * 98]), []),  # exactly 3
        ("with " * 100_000 + "the", ["words"]),
        (with_words("mother", "band"), []),
        ("", ["words", "word length", "letters", "stop words"]),
        (" \n \n", ["words", "word length", "letters", "stop words"]),
    ],
)
def test_documents_at_the_edge(document, broken):
    assert quality_filter(document) == (not broken, broken)


def test_shares_follow_the_power_and_the_dial_goes_from_size_to_evenness():
    # Conneau and Lample 2019, equation 1.
    tokens = {"a": 160, "b": 10, "c": 1}
    for alpha in (0.0, 0.3, 0.5, 1.0):
        shares, _, _ = mixture_weights(tokens, alpha)
        assert sum(shares.values()) == pytest.approx(1)
        assert shares["a"] / shares["b"] == pytest.approx(16**alpha)
        assert shares["b"] / shares["c"] == pytest.approx(10**alpha)


def test_tokens_drawn_are_the_budget_and_four_epochs_are_not_too_many():
    tokens = {"a": 300, "b": 100, "c": 99}
    shares, epochs, worn = mixture_weights(tokens, 0.0, 1200)
    assert sum(epochs[name] * tokens[name] for name in tokens) == pytest.approx(1200)
    assert epochs == pytest.approx({"a": 400 / 300, "b": 4.0, "c": 400 / 99})
    assert worn == ["c"]
    assert shares == pytest.approx(dict.fromkeys(tokens, 1 / 3))


def test_bloomberggpt_read_its_sources_less_than_once():
    # Wu et al. 2023, table 1 (billions of tokens) and table 4: 569 billion were read.
    tokens = {"FinPile": 363.5e9, "public": 345.4e9}
    shares, epochs, worn = mixture_weights(tokens, 1.0, 569e9)
    assert shares["FinPile"] == pytest.approx(0.5127, abs=2e-4)
    assert epochs == pytest.approx({"FinPile": 0.80, "public": 0.80}, abs=0.005)
    assert worn == []


@pytest.mark.parametrize("tokens", [{}, {"a": 3, "b": 0}])
def test_sources_without_tokens_are_refused(tokens):
    with pytest.raises(ValueError, match="every source needs tokens"):
        mixture_weights(tokens, 0.5)
