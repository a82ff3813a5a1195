"""accumulate_gradients: several small batches are one large one."""

import pytest
import torch

from gradus.accumulate import accumulate_gradients
from gradus.objective import lm_loss
from tests.gradus.tiny_gpt import VOCAB, tiny_gpt


def texts(rng):
    """Six texts of very different lengths, in a large batch and in three small ones."""
    ids = torch.randint(VOCAB, (6, 8), generator=rng)
    lengths = torch.tensor([8, 7, 2, 1, 5, 3])
    padding = torch.arange(8) < lengths[:, None]
    return ids, padding, [(ids[a:b], padding[a:b]) for a, b in [(0, 2), (2, 5), (5, 6)]]


def test_gradients_and_loss_are_those_of_the_large_batch(rng, randomise):
    ids, padding, batches = texts(rng)
    model = randomise(tiny_gpt())
    large = lm_loss(model(ids, padding), ids, padding)
    expected = torch.autograd.grad(large, list(model.parameters()))
    loss = accumulate_gradients(model, batches)
    torch.testing.assert_close(loss, large.detach())
    torch.testing.assert_close([p.grad for p in model.parameters()], list(expected))
    accumulate_gradients(model, batches)
    torch.testing.assert_close([p.grad for p in model.parameters()], [2 * g for g in expected])


def test_texts_of_one_token_add_nothing(rng, randomise):
    model = randomise(tiny_gpt())
    ids = torch.randint(VOCAB, (2, 1), generator=rng)
    assert accumulate_gradients(model, [(ids, torch.ones(2, 1, dtype=torch.bool))]) == 0


def test_no_batches_are_refused(randomise):
    with pytest.raises(ValueError, match="no batches"):
        accumulate_gradients(tiny_gpt(), [])
