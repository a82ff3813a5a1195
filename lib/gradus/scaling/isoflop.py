"""Curves of equal compute: the best size for a few budgets, measured, and the law behind them.

Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, section 3.2 (approach 2)
"""

from collections.abc import Sequence

import numpy as np


def fit_isoflop(
    runs: Sequence[tuple[float, float, float]],
) -> tuple[list[tuple[float, float]], float, float]:
    """Find the best size for each budget, and how it grows: params = factor · flops^exponent.

    Each run is (flops, params, loss). Runs of equal flops belong together: a parabola is laid
    through their losses, over the logarithm of the sizes, and its lowest point is the best size for
    this budget. A straight line through the best sizes, logarithm against logarithm, gives the
    exponent and the factor. All by least squares.

    Returns ([(flops, best params), ...] from the smallest budget to the largest, exponent, factor).
    Raises ValueError where a budget has fewer than three sizes, where its parabola has no lowest
    point or one outside of the sizes tried, and where there is but one budget.
    """
    best = []
    for flops in sorted({flops for flops, _, _ in runs}):
        sizes = np.log([params for budget, params, _ in runs if budget == flops])
        losses = [loss for budget, _, loss in runs if budget == flops]
        if len(set(sizes)) < 3:
            raise ValueError(f"a parabola needs three sizes or more at {flops:.3g} FLOPs")
        curve, slope, _ = np.polyfit(sizes, losses, 2)
        if curve <= 0:
            raise ValueError(f"at {flops:.3g} FLOPs the parabola has no lowest point")
        lowest = -slope / (2 * curve)
        if not sizes.min() <= lowest <= sizes.max():
            raise ValueError(
                f"at {flops:.3g} FLOPs the best size would be {np.exp(lowest):.3g}, but only "
                f"{np.exp(sizes.min()):.3g} to {np.exp(sizes.max()):.3g} were tried: try more"
            )
        best.append((flops, float(np.exp(lowest))))
    if len(best) < 2:
        raise ValueError("a law needs two budgets or more")
    budgets, optima = zip(*best, strict=True)
    exponent, intercept = np.polyfit(np.log(budgets), np.log(optima), 1)
    return best, float(exponent), float(np.exp(intercept))
