"""The law's five numbers, fitted to many runs at once.

Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, section 3.3 and appendix D.2 (approach 3);
what can go wrong with it: Besiroglu et al. 2024, https://arxiv.org/abs/2404.10102
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from gradus.scaling.coefficients import Law


def fit_parametric(
    params: Float[Tensor, " run"],
    tokens: Float[Tensor, " run"],
    losses: Float[Tensor, " run"],
    starts: Sequence[Law],
    delta: float = 1e-3,
) -> Law:
    """Fit loss = E + A / params^alpha + B / tokens^beta to runs; return (E, A, B, alpha, beta).

    What is made least is the sum over all runs of Huber(log of the fitted loss - log of the loss):
    half the square up to a distance of `delta`, a straight line beyond it.

    `starts` are guesses (E, A, B, alpha, beta). The fit begins once from each, and the result with
    the least sum counts: from some starts a fit gets nowhere. It works in double precision, on the
    logarithms of E, A and B, so that none of them can become negative.
    """
    log_n, log_d, log_loss = (x.double().log() for x in (params, tokens, losses))
    # Heights are measured in the middle of the data: there they hardly depend on the slopes.
    middle_n, middle_d = log_n.mean().item(), log_d.mean().item()

    def distance(guess: Tensor) -> Tensor:
        e, a, b, alpha, beta = guess
        terms = [
            e.expand_as(log_n),
            a - alpha * (log_n - middle_n),
            b - beta * (log_d - middle_d),
        ]
        # log(E + A / N^alpha + B / D^beta), from the logarithms of the three terms.
        fitted = torch.stack(terms).logsumexp(0)
        return F.huber_loss(fitted, log_loss, reduction="sum", delta=delta)

    def descend(guess: Tensor) -> float:
        optimiser = torch.optim.LBFGS(
            [guess],
            max_iter=300,
            tolerance_grad=1e-12,  # the sum is tiny: with the usual values it would stop at once
            tolerance_change=1e-15,
            line_search_fn="strong_wolfe",
        )

        def closure() -> float:
            optimiser.zero_grad()
            value = distance(guess)
            value.backward()
            return value.item()

        optimiser.step(closure)
        return distance(guess).item()

    ends = []
    for E, A, B, alpha, beta in starts:
        heights = [math.log(E), math.log(A) - alpha * middle_n, math.log(B) - beta * middle_d]
        guess = torch.tensor([*heights, alpha, beta], dtype=torch.float64, requires_grad=True)
        ends.append((descend(guess), guess.tolist()))
    _, (e, a, b, alpha, beta) = min(ends)
    A, B = math.exp(a + alpha * middle_n), math.exp(b + beta * middle_d)
    return math.exp(e), A, B, alpha, beta
