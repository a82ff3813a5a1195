"""Filters: which tokens may still be drawn. All others get the logit -inf, the rest stay.

Each takes logits and returns logits of the same shape and dtype, row by row; the given logits stay
as they are. Used together, they come after the temperature, in this order: top-k, top-p, min-p.
Each then sees only what the one before has left. Where tokens are equally likely, the lower id
counts as the likelier.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def top_k_filter(logits: Float[Tensor, "batch vocab"], k: int) -> Float[Tensor, "batch vocab"]:
    """Keep exactly the k likeliest tokens of each row, or all where there are no more than k.

    The others get the logit -inf. Between equally likely tokens, the lower id is kept.

    Raises ValueError for a k below 1. Fan et al. 2018, section 5.2:
    https://arxiv.org/abs/1805.04833
    """
    if k < 1:
        raise ValueError(f"k={k} keeps no token: at least 1 has to stay")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    return logits.scatter(-1, order[:, k:], -torch.inf)


def top_p_filter(logits: Float[Tensor, "batch vocab"], p: float) -> Float[Tensor, "batch vocab"]:
    """Keep the likeliest tokens of each row: as few as it takes for their mass to reach p.

    The token with which the mass reaches p is kept, and so is the likeliest in any case. p = 1
    keeps all. The others get the logit -inf. Between equally likely tokens, the lower id is kept.

    Raises ValueError for a p that is not in 0 to 1. Holtzman et al. 2019, section 3.1:
    https://arxiv.org/abs/1904.09751
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} is no share of the mass: choose it from 0 to 1")
    if p == 1:  # the sum of many small numbers may round to 1 too soon
        return logits.clone()
    precise = logits.to(torch.promote_types(logits.dtype, torch.float32))
    shares, order = precise.softmax(dim=-1).sort(dim=-1, descending=True, stable=True)
    before = shares.cumsum(dim=-1).roll(1, dims=-1)  # mass of all tokens that are likelier
    before[:, 0] = -1  # nothing is likelier than the first, so it stays
    dropped = torch.zeros_like(order, dtype=torch.bool).scatter(-1, order, before >= p)
    return logits.masked_fill(dropped, -torch.inf)


def min_p_filter(logits: Float[Tensor, "batch vocab"], p: float) -> Float[Tensor, "batch vocab"]:
    """Keep the tokens that are at least p times as likely as the likeliest of their row.

    The others get the logit -inf. p = 0 keeps all, p = 1 the likeliest (all of them, if several).

    Raises ValueError for a p that is not in 0 to 1. Nguyen et al. 2024, section 3:
    https://arxiv.org/abs/2407.01082
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} is no share of the largest probability: choose it from 0 to 1")
    # The softmax divides both by the same sum, so the difference of two logits is enough.
    ratio = (logits - logits.amax(dim=-1, keepdim=True)).exp()
    return logits.masked_fill(ratio < p, -torch.inf)


def typical_filter(logits: Float[Tensor, "batch vocab"], p: float) -> Float[Tensor, "batch vocab"]:
    """Keep the tokens that surprise about as much as is to be expected, until their mass reaches p.

    The surprise of a token is -log of its probability; the entropy of a row is the surprise to be
    expected. Tokens come in the order of |surprise - entropy|, nearest first (the lower id, where
    two are as near), and as few are kept as it takes for their mass to reach p: at least one. So
    the likeliest token may be dropped. p = 1 keeps all. The others get the logit -inf.

    Raises ValueError for a p that is not in 0 to 1. Meister et al. 2022, section 5:
    https://arxiv.org/abs/2202.00666
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} is no share of the mass: choose it from 0 to 1")
    if p == 1:
        return logits.clone()
    precise = logits.to(torch.promote_types(logits.dtype, torch.float32))
    shares, surprise = precise.softmax(dim=-1), -precise.log_softmax(dim=-1)
    # What is impossible adds nothing to the entropy: 0 times infinity is 0 here.
    entropy = (shares * surprise).where(shares > 0, 0).sum(dim=-1, keepdim=True)
    order = (surprise - entropy).abs().argsort(dim=-1, stable=True)
    before = shares.gather(-1, order).cumsum(dim=-1).roll(1, dims=-1)
    before[:, 0] = -1
    dropped = torch.zeros_like(order, dtype=torch.bool).scatter(-1, order, before >= p)
    return logits.masked_fill(dropped, -torch.inf)
