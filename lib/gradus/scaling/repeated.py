"""Data that is read more than once: worth less each time.

Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264, section 3
"""

import math

from gradus.scaling.coefficients import MUENNIGHOFF, Law
from gradus.scaling.law import chinchilla_loss

REPEATS = 15.387756  # R_D*: after about so many repeats, most of what repeating gives is had
EXCESS = 5.309743  # R_N*: the same for parameters beyond what the data deserves


def worth(unique: int | float, total: int | float, decay: float) -> float:
    """Return how much `total` is worth when only `unique` of it is new.

    The first repeat is worth nearly as much as new data, the next ones less and less:
    unique + unique · decay · (1 - e^(-repeats / decay)). There are total / unique - 1 repeats.
    """
    repeats = max(total / unique - 1, 0)
    return min(total, unique) + unique * decay * (1 - math.exp(-repeats / decay))


def repeated_loss(params: float, tokens: float, unique: float, law: Law = MUENNIGHOFF.law) -> float:
    """Return the loss when `tokens` are read in training, of which only `unique` are different.

    Parameters beyond what is best for the unique tokens are worth less too.
    """
    _, A, B, alpha, beta = law
    new = min(tokens, unique)
    balance = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    deserved = min(params, (new * balance) ** (beta / alpha) * balance)
    data = worth(new, tokens, REPEATS)
    return chinchilla_loss(worth(deserved, params, EXCESS), data, law)
