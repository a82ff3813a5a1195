"""A test for lm_loss: every prediction by itself, in a loop that nobody can get wrong."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def check_lm_loss(lm_loss: Callable[..., Tensor]) -> None:
    """Raise an AssertionError if an implementation of the loss is wrong; do nothing if right.

    It is called as `lm_loss(logits, ids)` or `lm_loss(logits, ids, padding)`. What is right:

    - It is the mean of -log p(next token), in nats. The logits at a position predict the id at the
      next position of the same text.
    - `padding` is True at the real tokens. A prediction counts when the token that makes it and the
      token that it should be are both real. Padding may stand before or behind a text, and its id
      may be any. All predictions that count, in all texts, weigh the same.
    - If none counts, the loss is 0. A model that is sure and wrong, by a logit of 10,000, has a
      loss of 10,000. Inputs stay as they are.

    Right implementations differ in their last digits, by less than 1e-5 of the loss.
    """
    generator = Generator().manual_seed(0)
    unsure = 2 * torch.randn(3, 5, 7, generator=generator)
    ids = torch.randint(7, (3, 5), generator=generator)
    ids[0, 2] = 0
    sure = 1e4 * torch.nn.functional.one_hot(ids.roll(-1, 1), 7).float()
    ragged = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]).bool()
    alone = torch.tensor([[1, 0, 0, 0, 0]] * 3).bool()
    trials = [(unsure, None), (unsure, ragged), (unsure, alone), (sure, None), (-sure, ragged)]
    for logits, padding in trials:
        given = ids.clone()
        loss = lm_loss(logits, given) if padding is None else lm_loss(logits, given, padding)
        assert torch.equal(given, ids), "the ids were changed"
        losses = [
            -logits[text, place].double().log_softmax(-1)[ids[text, place + 1]].item()
            for text in range(3)
            for place in range(4)
            if padding is None or (padding[text, place] and padding[text, place + 1])
        ]
        expected = sum(losses) / max(1, len(losses))
        margin = 1e-5 * max(1.0, expected)
        assert abs(loss.item() - expected) <= margin, f"{loss.item()} should be {expected}"
