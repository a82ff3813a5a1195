"""Normalisation: give every position's vector a fixed size, and let the model choose which.

LayerNorm: Ba et al. 2016, https://arxiv.org/abs/1607.06450;
RMSNorm: Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class LayerNorm(nn.Module):
    """Shift and scale each vector to mean 0, variance 1; then by the learned `weight` and `bias`.

    `d_model` is the length of the vectors; `eps` is added to the variance, inside the square root.
    """

    def __init__(self, d_model: int, eps: float = 1e-5) -> None:
        """Start as the plain normalisation: weight 1, bias 0."""
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d_model))
        self.bias = nn.Parameter(torch.zeros(d_model))

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... d_model"]:
        """Normalise over the last axis only, with the biased variance (divide by d_model).

        Computed in at least float32, returned in the dtype of x.
        """
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        centred = wide - wide.mean(dim=-1, keepdim=True)
        variance = centred.square().mean(dim=-1, keepdim=True)
        normal = centred * torch.rsqrt(variance + self.eps)
        return (normal * self.weight + self.bias).to(x.dtype)


class RMSNorm(nn.Module):
    """Divide each vector by its root mean square, then multiply by the learned `weight`.

    `d_model` is the length of the vectors; `eps` is added to the mean square, inside the root.
    """

    def __init__(self, d_model: int, eps: float = 1e-6) -> None:
        """Start as the plain normalisation: weight 1."""
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d_model))

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... d_model"]:
        """Normalise over the last axis only.

        Computed in at least float32, returned in the dtype of x.
        """
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        mean_square = wide.square().mean(dim=-1, keepdim=True)
        return (wide * torch.rsqrt(mean_square + self.eps) * self.weight).to(x.dtype)
