"""The forecast: what loss a larger model will have, read off smaller ones.

Hestness et al. 2017, https://arxiv.org/abs/1712.00409; Kaplan et al. 2020, section 3.2,
https://arxiv.org/abs/2001.08361
"""

import math
from collections.abc import Sequence


def predict_loss(sizes: Sequence[int | float], losses: Sequence[float], size: int | float) -> float:
    """Return the loss to expect of a model with `size` parameters, from runs of other sizes.

    Run i had sizes[i] parameters and ended at losses[i]. A power law, loss = a * size^b, is fitted
    to the runs: the straight line of least squares through the points (log size, log loss). The
    forecast is where the line is at `size`. It knows no floor, so it is for sizes not far beyond
    the runs: a factor of ten, not of a thousand.

    Raises ValueError when there are not as many losses as sizes, when there are fewer than two
    different sizes, and when a number is not positive.
    """
    if len(sizes) != len(losses) or len(set(sizes)) < 2 or min(*sizes, *losses, size) <= 0:
        raise ValueError(
            "two runs of different size or more are needed, one loss each, all numbers positive: "
            f"sizes {list(sizes)}, losses {list(losses)}, size {size}"
        )
    x, y = [math.log(n) for n in sizes], [math.log(loss) for loss in losses]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    return math.exp(mean_y + slope * (math.log(size) - mean_x))
