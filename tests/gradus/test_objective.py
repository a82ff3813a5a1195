"""lm_loss: who predicts whom."""

import torch
from torch.nn import functional as F

from gradus.objective import lm_loss


def test_two_predictions_by_hand():
    """Token 0 predicts 1 with probability 1/4, token 1 predicts 0 with probability 1/2."""
    logits = torch.tensor([[[3.0, 1.0], [1.0, 1.0], [9.0, 0.0]]]).log()
    loss = lm_loss(logits, torch.tensor([[0, 1, 0]]))
    torch.testing.assert_close(loss, -(torch.tensor(0.25).log() + torch.tensor(0.5).log()) / 2)


def test_it_is_torchs_cross_entropy_of_shifted_ids(rng, randn):
    logits, ids = randn(3, 5, 7), torch.randint(7, (3, 5), generator=rng)
    expected = F.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    torch.testing.assert_close(lm_loss(logits, ids), expected)


def test_padding_on_either_side_has_no_say(rng, randn):
    logits, ids = randn(1, 4, 7), torch.randint(7, (1, 4), generator=rng)
    alone = lm_loss(logits, ids)
    none, wrong = torch.zeros(1, 2, dtype=torch.bool), randn(1, 2, 7) * 100
    real, fill = torch.ones(1, 4, dtype=torch.bool), torch.full((1, 2), 3)
    right = lm_loss(
        torch.cat([logits, wrong], 1), torch.cat([ids, fill], 1), torch.cat([real, none], 1)
    )
    left = lm_loss(
        torch.cat([wrong, logits], 1), torch.cat([fill, ids], 1), torch.cat([none, real], 1)
    )
    torch.testing.assert_close(right, alone)
    torch.testing.assert_close(left, alone)


def test_a_text_of_one_token_has_nothing_to_predict(randn):
    loss = lm_loss(randn(2, 1, 7), torch.zeros(2, 1, dtype=torch.int64))
    assert loss.item() == 0
