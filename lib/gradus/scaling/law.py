"""The law: the loss of a language model from its size and its data.

Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, equation 2
"""

from typing import Any

from torch import Tensor

from gradus.scaling.coefficients import Law


def chinchilla_loss(params: int | float | Tensor, tokens: int | float | Tensor, law: Law) -> Any:
    """Return the loss, in nats per token: E + A / params^alpha + B / tokens^beta.

    `law` is (E, A, B, alpha, beta). E is what no model can guess, A / params^alpha is the price of
    a finite model, B / tokens^beta that of finite data. Works on numbers and on tensors.
    """
    E, A, B, alpha, beta = law
    return E + A / params**alpha + B / tokens**beta
