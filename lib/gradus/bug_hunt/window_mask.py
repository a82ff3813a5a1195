"""A mask for attention with a short memory.

Beltagy et al. 2020 (Longformer), section 3.1, https://arxiv.org/abs/2004.05150
"""

import torch
from jaxtyping import Bool
from torch import Tensor


def window_mask(query: int, key: int, window: int) -> Bool[Tensor, "query key"]:
    """Say which keys each query may read, where `window` of them are enough."""
    place = torch.arange(key - query, key)  # the queries are the last ones
    distance = place[:, None] - torch.arange(key)
    return (distance >= 0) & (distance < window)
