"""GELU: the activation of BERT and GPT, a switch that opens softly.

Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def gelu(x: Float[Tensor, "*shape"], approximate: bool = False) -> Float[Tensor, "*shape"]:
    """Multiply each number x by the share of a standard normal distribution that lies below x.

    That share is (1 + erf(x / sqrt(2))) / 2: about 0 far below zero, 1/2 at zero, about 1 far
    above. With `approximate` the share is taken as (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) / 2
    instead. BERT was trained with the exact one, GPT-2 with the approximate one; they differ by
    less than 0.0005.
    """
    if approximate:
        share = (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    else:
        share = (1 + torch.erf(x / math.sqrt(2))) / 2
    return x * share
