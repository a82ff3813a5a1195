"""A test for top_p_filter: count tokens from the likeliest down, row by row, as on paper."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def check_top_p_filter(top_p_filter: Callable[..., Tensor]) -> None:
    """Raise an AssertionError if an implementation of top-p is wrong; do nothing if right.

    It is called as `top_p_filter(logits, p)`, with logits of shape (batch, vocab). What is right:

    - In each row the likeliest tokens are kept: as few as it takes for their mass to reach p. The
      token with which the mass reaches p is kept, and so is the likeliest in any case.
    - What is kept keeps its logit. The others get -inf. The given logits stay as they are.
    - p = 1 keeps all tokens, even the unlikeliest. p = 0 keeps the likeliest.
    - A p below 0 or above 1 is refused with a ValueError.

    What happens to equally likely tokens, or where a mass is p to the last digit, is not asked.
    """
    logits = 2 * torch.randn(4, 7, generator=Generator().manual_seed(0))
    logits[0, 3] = 6.0  # more mass than most p
    logits[1, 2] = -30.0  # next to none
    for p in (0.0, 0.31, 0.57, 0.83, 0.96, 1.0):
        given = logits.clone()
        found = top_p_filter(given, p)
        assert torch.equal(given, logits), "the logits were changed"
        for row, kept in zip(logits, found, strict=True):
            shares, expected, mass = row.softmax(-1), torch.full_like(row, -torch.inf), 0.0
            for token in row.argsort(descending=True).tolist():
                if mass < p or token == row.argmax() or p == 1:
                    expected[token] = row[token]
                mass += shares[token].item()
            torch.testing.assert_close(kept, expected)
    for p in (-0.1, 1.5):
        try:
            top_p_filter(logits, p)
        except ValueError:
            continue
        raise AssertionError(f"p={p} was not refused")
