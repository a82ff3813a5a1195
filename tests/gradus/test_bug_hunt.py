"""The bug hunt: its parts against oracles, and a patient that shows what a wrong part does."""

import math

import pytest
import torch
from torch import Generator, randint, randn
from torch.nn import functional as F

from gradus.bug_hunt import found
from gradus.bug_hunt.influence import influence
from gradus.bug_hunt.patient import SEQ, Patient, treat, write
from gradus.bug_hunt.sentences import SLOTS, decode, encode, floor, sentences
from gradus.bug_hunt.token_vectors import token_vectors
from gradus.bug_hunt.window_loss import window_loss
from gradus.bug_hunt.window_mask import window_mask
from gradus.cache import KVCache
from gradus.mask import causal_mask


def test_a_window_as_wide_as_the_text_is_the_causal_mask():
    for query, key in ((5, 5), (1, 6), (2, 6)):
        assert torch.equal(window_mask(query, key, key), causal_mask(query, key))


def test_every_query_reads_as_many_keys_as_the_window_holds():
    assert window_mask(6, 9, 3).sum(-1).tolist() == [3] * 6
    assert window_mask(5, 5, 3).sum(-1).tolist() == [1, 2, 3, 3, 3]


def test_tokens_behind_a_cache_get_the_vectors_that_they_have_in_the_whole_text():
    ids = randint(7, (2, 6))
    words, places = randn(7, 4), randn(9, 4)
    cache = KVCache()
    cache.update(torch.zeros(2, 1, 4, 3), torch.zeros(2, 1, 4, 3))

    late = token_vectors(ids[:, 4:], words, places, [cache])

    torch.testing.assert_close(late, token_vectors(ids, words, places)[:, 4:])


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="last one is 3"):
        token_vectors(torch.zeros(1, 5).long(), randn(7, 4), randn(4, 4))


def test_the_loss_of_windows_is_torchs_cross_entropy():
    table, data, starts = randn(7, 7), randint(7, (30,)), torch.tensor([3, 0, 23])

    measured = window_loss(lambda ids: table[ids], data, starts, 6)

    x = torch.cat([data[s : s + 6] for s in starts])
    y = torch.cat([data[s + 1 : s + 7] for s in starts])
    torch.testing.assert_close(measured, F.cross_entropy(table[x], y))


def test_influence_shows_a_leak_without_any_training():
    ids = randint(27, (8,), generator=Generator().manual_seed(0))
    healthy = influence(Patient(window=3), ids)
    ill = influence(Patient(mask=found.window_mask, window=3), ids)

    assert healthy.triu(1).max() < 1e-4  # rounding
    assert healthy.diagonal().min() > 0.1
    assert ill.diagonal(1).min() > 0.1


def test_influence_finds_the_length_of_the_way():
    table = torch.tensor([[0.0, 0], [3, 4]])
    moved = influence(lambda ids: table[ids], torch.tensor([0, 1, 1]))
    assert torch.equal(moved, 5 * torch.eye(3))


def test_a_patient_writes_the_same_with_caches_and_without():
    healthy, ill = Patient(), Patient(vectors=found.token_vectors)

    assert write(healthy) == write(healthy, cached=False)
    assert write(ill) != write(ill, cached=False)
    assert write(ill, cached=False) == write(healthy, cached=False)


def test_two_patients_of_one_seed_are_the_same_and_leave_the_dice_alone():
    before = torch.get_rng_state()
    one, other = Patient(), Patient()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_a_patient_begins_near_knowing_nothing_and_learns():
    data = encode(sentences(200, Generator().manual_seed(0)))
    losses = treat(Patient(), data, steps=30, progress=False)
    assert abs(losses[0] - math.log(28)) < 1
    assert losses[-1] < 2.5


def test_sentences_can_be_written_down_and_read_again():
    text = sentences(3, Generator().manual_seed(0))
    assert text.count(".") == 3
    assert decode(encode(text)) == text
    assert len(text) > SEQ


def test_the_floor_is_the_uncertainty_of_five_choices_of_eight():
    text = sentences(4000, Generator().manual_seed(0))
    assert math.isclose(floor(), 4000 * math.log(8**5) / len(text), rel_tol=0.01)
    assert all(len(set(words)) == 8 for words in SLOTS)


def test_the_parts_as_found_are_right_where_nobody_would_look_twice():
    table, data = randn(7, 7), randint(7, (30,))
    ids, words, places = randint(7, (2, 6)), randn(7, 4), randn(9, 4)

    assert torch.equal(found.token_vectors(ids, words, places), token_vectors(ids, words, places))
    assert torch.equal(found.window_mask(1, 6, 3), window_mask(1, 6, 3))  # nothing lies ahead
    one_late = found.window_loss(lambda ids: table[ids], data, torch.tensor([3]), 6)
    x, y = data[3:8], data[5:10]
    torch.testing.assert_close(one_late, F.cross_entropy(table[x], y))
