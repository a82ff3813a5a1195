"""A test of top_p_filter whose strength can be taken away bit by bit."""

import torch
from torch import Generator, randn

SHARES = (0.0, 0.31, 0.57, 0.83, 0.96, 1.0)


def some_logits(rows=4):
    """Logits in which one token has nearly all the mass of its row, and one next to none."""
    logits = 2 * randn(4, 7, generator=Generator().manual_seed(1))
    logits[0, 3] = 6
    logits[1, 2] = -30
    return logits[-rows:]


def expected_of(logits, p):
    """Row by row, from the likeliest token down."""
    found = torch.full_like(logits, -torch.inf)
    for row, logit in enumerate(logits):
        mass = -1e-9
        for token in logit.argsort(descending=True).tolist():
            if mass < p or p == 1:
                found[row, token] = logit[token]
            mass += logit.softmax(-1)[token].item()
    return found


def refuses(top_p_filter, p):
    """A p that is no share has to be refused."""
    try:
        top_p_filter(some_logits(), p)
    except ValueError:
        return
    raise AssertionError(f"{p} is taken")


def strong(top_p_filter, logits=None, shares=SHARES, watched=True, refused=(-0.5, 1.01)):
    """The whole test; the arguments take away from it."""
    logits = some_logits() if logits is None else logits
    for p in shares:
        given = logits.clone()
        torch.testing.assert_close(top_p_filter(given, p), expected_of(logits, p))
        if watched:
            assert torch.equal(given, logits), "the logits have changed"
    for p in refused:
        refuses(top_p_filter, p)
