"""Chi-squared tests: do counts fit probabilities, and do two rows of counts fit each other?

Pearson 1900; rare outcomes are pooled so that the approximation holds (Cochran 1954: expected
counts of at least 5).
"""

import torch
from torch import Tensor


def goodness_of_fit(counts: Tensor, probabilities: Tensor) -> float:
    """Probability of counts at least this far from what `probabilities` predict (a p-value)."""
    expected = probabilities.double() / probabilities.double().sum() * counts.sum()
    return _p_value(*_pooled(counts.double(), expected))


def homogeneity(one: Tensor, other: Tensor) -> float:
    """Probability of two rows of counts at least this different, if one distribution made both."""
    rows = torch.stack([one.double(), other.double()])
    share = rows.sum(0) / rows.sum()
    totals = rows.sum(1, keepdim=True)
    keep, expected = _pooled_rows(rows, totals * share)
    statistic = ((keep - expected) ** 2 / expected).sum().item()
    return _tail(statistic, keep.shape[1] - 1)


def _pooled(counts: Tensor, expected: Tensor) -> tuple[Tensor, Tensor]:
    rows, wanted = _pooled_rows(counts[None], expected[None])
    return rows[0], wanted[0]


def _pooled_rows(counts: Tensor, expected: Tensor) -> tuple[Tensor, Tensor]:
    """Join all outcomes whose expected count is under 5 into one (dropped if still empty)."""
    rare = (expected < 5).any(0)
    joined = [
        torch.cat([t[:, ~rare], t[:, rare].sum(1, keepdim=True)], dim=1) for t in (counts, expected)
    ]
    full = (joined[1] >= 5).all(0)
    return joined[0][:, full], joined[1][:, full]


def _p_value(counts: Tensor, expected: Tensor) -> float:
    statistic = ((counts - expected) ** 2 / expected).sum().item()
    return _tail(statistic, len(counts) - 1)


def _tail(statistic: float, freedom: int) -> float:
    """Probability that chi-squared with this many degrees of freedom exceeds the statistic."""
    if freedom < 1:
        return 1.0
    half = torch.tensor([freedom / 2, statistic / 2], dtype=torch.float64)
    return float(torch.special.gammaincc(half[0], half[1]))
