"""Bigrams: against counting by hand and in plain Python, and against the laws of chance."""

import gzip
import itertools
import math
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradus.ngram import bigram_counts, bigram_probs, bits_per_byte, perplexity, sample_bigram

BANANA = torch.tensor([0, 1, 2, 1, 2, 1])  # b a n a n a


def test_banana_by_hand():
    counts = bigram_counts(BANANA, 3)

    assert counts.tolist() == [[0, 1, 0], [0, 0, 2], [0, 2, 0]]
    assert counts.dtype == torch.int64


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4))
def test_counts_are_those_of_plain_python(texts):
    counted = Counter(pair for text in texts for pair in itertools.pairwise(text))

    counts = bigram_counts(torch.tensor(texts), 5)

    assert {pair: int(counts[pair]) for pair in itertools.product(range(5), repeat=2)} == {
        pair: counted[pair] for pair in itertools.product(range(5), repeat=2)
    }


@pytest.mark.parametrize("shape", [(0,), (1,), (3, 1), (0, 5)], ids=str)
def test_a_text_without_pairs_counts_nothing(shape):
    assert not bigram_counts(torch.zeros(shape, dtype=torch.int64), 4).any()


@pytest.mark.parametrize("wrong", [-1, 3])
def test_ids_outside_the_vocabulary_are_refused(wrong):
    ids = torch.tensor([0, wrong, 1])

    with pytest.raises(ValueError, match=f"no token {wrong}: the ids go from 0 to 2"):
        bigram_counts(ids, 3)
    with pytest.raises(ValueError, match=f"no token {wrong}"):
        perplexity(torch.full((3, 3), 1 / 3), ids)


def test_more_pairs_than_a_small_float_can_count():
    assert bigram_counts(torch.zeros(100_001, dtype=torch.int32), 2)[0, 0] == 100_000


def test_probabilities_by_hand():
    counts = torch.tensor([[3, 1], [0, 0]])

    torch.testing.assert_close(bigram_probs(counts), torch.tensor([[0.75, 0.25], [0.5, 0.5]]))
    torch.testing.assert_close(bigram_probs(counts, 1.0), torch.tensor([[4, 2], [3, 3]]) / 6)


@pytest.mark.parametrize("alpha", [0.0, 0.1, 5.0])
def test_every_row_sums_to_1(alpha):
    probs = bigram_probs(torch.tensor([[0, 7, 2], [0, 0, 0], [1, 0, 0]]), alpha)

    torch.testing.assert_close(probs.sum(-1), torch.ones(3))


def test_a_negative_alpha_is_refused():
    with pytest.raises(ValueError, match=r"cannot be negative: -0\.5"):
        bigram_probs(torch.ones(2, 2, dtype=torch.int64), -0.5)


def test_knowing_nothing_of_k_tokens_is_a_perplexity_of_k():
    assert perplexity(torch.full((7, 7), 1 / 7), torch.arange(7)) == pytest.approx(7)


def test_perplexity_is_that_of_plain_python(rng):
    probs = torch.rand(5, 5, generator=rng, dtype=torch.float64)
    texts = torch.randint(5, (3, 8), generator=rng)
    surprise = [
        -math.log(probs[a, b]) for text in texts.tolist() for a, b in itertools.pairwise(text)
    ]

    expected = math.exp(sum(surprise) / len(surprise))
    assert perplexity(probs, texts) == pytest.approx(expected)


def test_the_best_table_for_a_text_is_its_own(rng):
    text = torch.randint(5, (200,), generator=rng)
    own = bigram_probs(bigram_counts(text, 5))
    other = bigram_probs(bigram_counts(text.flip(0), 5), 0.1)

    assert perplexity(own, text) < perplexity(other, text)


def test_one_impossible_token_makes_the_perplexity_infinite():
    assert perplexity(torch.eye(2), torch.tensor([0, 0, 1])) == math.inf


@pytest.mark.parametrize("shape", [(0,), (1,), (4, 1), (0, 4)], ids=str)
def test_a_text_with_nothing_to_predict_is_refused(shape):
    with pytest.raises(ValueError, match="at least two tokens"):
        perplexity(torch.eye(3), torch.zeros(shape, dtype=torch.int64))


def test_eight_equally_likely_characters_are_three_bits():
    assert bits_per_byte(math.log(8), 6, "banana") == pytest.approx(3)


def test_bytes_are_counted_not_characters():
    assert bits_per_byte(math.log(2), 4, "naïf") == pytest.approx(4 / 5)
    assert bits_per_byte(math.log(2), 1, "🐢") == pytest.approx(1 / 4)


def test_longer_tokens_do_not_flatter_the_model():
    """Half as many tokens, each twice as surprising: the same text at the same price."""
    text = "the same text"
    assert bits_per_byte(2.0, 10, text) == pytest.approx(bits_per_byte(1.0, 20, text))


def test_random_bytes_cost_eight_bits_as_gzip_agrees(rng):
    text = "".join(map(chr, torch.randint(128, (5_000,), generator=rng).tolist()))

    packed = 8 * len(gzip.compress(text.encode())) / len(text)
    assert bits_per_byte(math.log(128), 5_000, text) == pytest.approx(7)
    assert packed > 7


def test_an_empty_text_has_no_bits_per_byte():
    with pytest.raises(ValueError, match="empty text"):
        bits_per_byte(1.0, 0, "")


def test_a_certain_table_writes_what_it_must():
    table = torch.eye(3).roll(1, 1)  # 0 -> 1 -> 2 -> 0

    assert sample_bigram(table, 1, 5).tolist() == [2, 0, 1, 2, 0]
    assert sample_bigram(table, 0, 0).tolist() == []


def test_the_same_seed_writes_the_same_text(rng):
    table = torch.rand(6, 6, generator=rng)

    def write(seed: int) -> list[int]:
        return sample_bigram(table, 0, 40, torch.Generator().manual_seed(seed)).tolist()

    assert write(1) == write(1) != write(2)


def test_a_generator_leaves_the_global_one_alone(rng):
    before = torch.get_rng_state()
    sample_bigram(torch.ones(3, 3), 0, 10, rng)

    assert torch.equal(torch.get_rng_state(), before)


def test_a_long_text_has_the_pairs_of_its_table(rng):
    """Each of the four shares is a mean of some 2,000 draws: 0.06 is more than five deviations."""
    table = torch.tensor([[0.1, 0.9], [0.6, 0.4]])
    text = sample_bigram(table, 0, 6_000, rng)

    found = bigram_probs(bigram_counts(text, 2))
    torch.testing.assert_close(found, table, atol=0.06, rtol=0)


@pytest.mark.parametrize("start", [-1, 3])
def test_a_start_without_a_row_is_refused(start):
    with pytest.raises(ValueError, match=f"no token {start}"):
        sample_bigram(torch.eye(3), start, 4)
