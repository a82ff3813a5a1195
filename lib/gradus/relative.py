"""Relative positions: numbers added to the scores, which depend on the distance alone.

Buckets: Raffel et al. 2019 (T5), https://arxiv.org/abs/1910.10683;
slopes: Press et al. 2021 (ALiBi), https://arxiv.org/abs/2108.12409
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor


def t5_relative_bucket(
    relative: Int[Tensor, "*item"],
    bidirectional: bool = True,
    buckets: int = 32,
    max_distance: int = 128,
) -> Int[Tensor, "*item"]:
    """Sort distances into buckets: near ones each into their own, far ones into wider and wider.

    `relative` is the position of the key minus the position of the query. There are two modes:

    - bidirectional: the first half of the buckets is for keys at or before the query (relative <=
      0), the second half for keys after it, and the distance is |relative|;
    - otherwise all buckets are for keys at or before the query, the distance is -relative, and keys
      after it count as distance 0.

    With n buckets for a direction, distances below n // 2 have a bucket each: 0, 1, 2 ... The rest
    are shared out by the logarithm: distance d goes to n // 2 + floor((n - n // 2) · ln(d / (n //
    2)) / ln(max_distance / (n // 2))), and at most to the last one, n - 1.

    Returns whole numbers (int64) from 0 to buckets - 1, in the shape of `relative`. Raises
    ValueError when a direction has fewer than 2 buckets, or max_distance is not above n // 2.
    """
    if bidirectional:
        n = buckets // 2
        start = n * (relative > 0).long()
        distance = relative.abs()
    else:
        n = buckets
        start = torch.zeros_like(relative, dtype=torch.long)
        distance = (-relative).clamp(min=0)
    exact = n // 2
    if not 1 <= exact < max_distance:
        raise ValueError(
            f"buckets={buckets}, max_distance={max_distance}: a direction needs at least 2 buckets "
            f"(it has {n}), and max_distance must be above {exact}, where buckets begin to widen"
        )
    # Where the distance is small, another branch is taken below: keep the logarithm finite there.
    growth = (distance.clamp(min=1) / exact).log() / math.log(max_distance / exact)
    far = (exact + (growth * (n - exact)).long()).clamp(max=n - 1)
    return start + torch.where(distance < exact, distance.long(), far)


def alibi_slopes(heads: int) -> Float[Tensor, " heads"]:
    """Return how much each head takes off a score for every position between query and key.

    For a power of 2, head h (counted from 1) has the slope 2^(-8h / heads). So the first head is
    the steepest, and the last has 2^-8.

    For any other number of heads, let c be the largest power of 2 below it. The first c slopes are
    those for c heads. Then come slopes 1, 3, 5 ... (every other one) of those for 2c heads, as many
    as are missing.

    Returns positive float32 numbers, shape (heads,). Raises ValueError when heads is below 1.
    """
    if heads < 1:
        raise ValueError(f"heads={heads}: there must be one head at least")
    c = 2 ** (heads.bit_length() - 1)
    exponents = [8 * h / c for h in range(1, c + 1)]
    exponents += [8 * h / (2 * c) for h in range(1, 2 * (heads - c), 2)]
    return torch.tensor([2.0**-exponent for exponent in exponents])
