"""The best size for a budget: neither too small a model nor too little data.

Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, equation 4
"""

import math

from gradus.scaling.coefficients import Law


def compute_optimal(flops: int | float, law: Law) -> tuple[float, float]:
    """Return (parameters, tokens) of the least loss that `flops` of training can buy.

    `law` is (E, A, B, alpha, beta). Among all pairs with 6 · parameters · tokens = flops, the loss
    E + A / params^alpha + B / tokens^beta is least where alpha · A / params^alpha equals
    beta · B / tokens^beta.
    """
    _, A, B, alpha, beta = law
    balance = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    params = balance * (flops / 6) ** (beta / (alpha + beta))
    return params, flops / 6 / params


def rule_of_thumb(flops: int | float, ratio: int | float = 20.0) -> tuple[float, float]:
    """Return (parameters, tokens) for a budget, with `ratio` tokens for every parameter.

    Training takes 6 FLOPs for each parameter and token.
    """
    params = math.sqrt(flops / 6 / ratio)
    return params, ratio * params
