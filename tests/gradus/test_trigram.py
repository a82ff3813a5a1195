"""Trigram: counts by hand, and a model like any other."""

import torch

from gradus.generation import generate
from gradus.trigram import Trigram

TEXTS = [[0, 1, 2, 0, 1, 3], [3, 1, 2]]


def test_shares_by_hand():
    model = Trigram(TEXTS, 5, share=0.5)
    expected = torch.full((5,), 2e-5)
    left = 1 - 1e-4
    expected[[2, 3]] += left * 0.5 * torch.tensor([0.5, 0.5])  # after 0 1
    expected[[2, 3]] += left * 0.25 * torch.tensor([2 / 3, 1 / 3])  # after 1
    expected[:4] += left * 0.25 * torch.tensor([2, 3, 2, 2]) / 9
    torch.testing.assert_close(model.probabilities([4, 0, 1]), expected)


def test_rows_are_probabilities_also_of_what_was_never_met():
    model = Trigram(TEXTS, 5)
    logits = model(torch.tensor([[4, 4, 0], [1, 2, 4]]))
    assert logits.shape == (2, 3, 5)
    torch.testing.assert_close(logits.exp().sum(-1), torch.ones(2, 3))
    torch.testing.assert_close(logits[0, 2], model.probabilities([4, 0]).log())
    torch.testing.assert_close(logits[0, 0], model.probabilities([4]).log())


def test_padding_is_no_history():
    model, real = Trigram(TEXTS, 5), torch.tensor([[False, True, True]])
    logits = model(torch.tensor([[0, 1, 2]]), real)
    torch.testing.assert_close(logits[0, 1:], model(torch.tensor([[1, 2]]))[0])


def test_it_writes():
    model = Trigram(TEXTS, 5)
    ids = torch.tensor([[0, 1]])
    texts = [
        generate(model, ids, 6, temperature=0.0, context=context, cached=False)
        for context in (2, None)
    ]
    assert texts[0].tolist() == texts[1].tolist()
