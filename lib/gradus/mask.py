"""Masks: who may read whom. True means that the query (row) may read the key (column).

Vaswani et al. 2017, section 3.2.3, https://arxiv.org/abs/1706.03762
"""

import torch
from jaxtyping import Bool
from torch import Tensor


def causal_mask(
    query: int, key: int | None = None, *, device: torch.device | str | None = None
) -> Bool[Tensor, "query key"]:
    """Let every query read the keys up to its own position, and none after it.

    `key` counts the keys, `query` where it is not given. When there are more keys than queries, the
    queries are the *last* positions (the earlier keys come from a cache): the last query reads all
    keys.

    Returns booleans, shape (query, key), on `device`.
    Raises ValueError when there are fewer keys than queries.
    """
    key = query if key is None else key
    if key < query:
        raise ValueError(f"{query} queries need at least as many keys, not {key}")
    past = key - query
    return torch.ones(query, key, dtype=torch.bool, device=device).tril(past)


def combine_masks(
    causal: Bool[Tensor, "query key"], padding: Bool[Tensor, "batch key"]
) -> Bool[Tensor, "batch 1 query key"]:
    """Let a query read a key only if both masks allow it.

    `causal` says which positions may read which. `padding` is True at the real tokens of each text
    and False at the padding behind (or before) them: nobody may read padding, but padding still
    asks.

    Returns booleans, shape (batch, 1, query, key); the axis of length 1 stands for all heads.
    """
    return causal & padding[:, None, None, :]
