"""A test of lm_loss whose strength can be taken away bit by bit."""

import torch
from torch import Generator, randint, randn, tensor
from torch.nn import functional as F

RAGGED = tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]).bool()
ALONE = tensor([[1, 0, 0, 0, 0]] * 3).bool()
RIGHT = tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0]]).bool()


def texts(batch=3):
    """Logits that leave nothing certain, and ids with 0 among them."""
    generator = Generator().manual_seed(1)
    ids = randint(7, (batch, 5), generator=generator)
    ids[0, 2] = 0
    return 2 * randn(batch, 5, 7, generator=generator), ids


def sure(ids, sign=1):
    """Logits of 10,000 for the token that comes next, or against it."""
    return sign * 1e4 * F.one_hot(ids.roll(-1, 1), 7).float()


def expected_of(logits, ids, padding=None):
    """The loss, prediction by prediction."""
    losses = [
        -logits[text, i].double().log_softmax(-1)[ids[text, i + 1]]
        for text in range(len(ids))
        for i in range(ids.shape[1] - 1)
        if padding is None or (padding[text, i] and padding[text, i + 1])
    ]
    return torch.stack(losses).mean() if losses else torch.zeros(())


def attempt(lm_loss, logits, ids, padding=None, margin=1e-5, watched=True):
    """One call, held against the definition."""
    given = ids.clone()
    loss = lm_loss(logits, given, padding)
    right = expected_of(logits, ids, padding).item()
    assert abs(loss.item() - right) <= margin * max(1, right), f"{loss} should be {right}"
    if watched:
        assert torch.equal(given, ids), "the ids have changed"


def strong(lm_loss, paddings=(None, RAGGED, ALONE), certain=True, **how):
    """The whole test; the arguments take away from it."""
    logits, ids = texts()
    for padding in paddings:
        attempt(lm_loss, logits, ids, padding, **how)
    if certain:
        for sign in (1, -1):
            attempt(lm_loss, sure(ids, sign), ids, **how)
