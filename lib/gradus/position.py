"""Positions that are added to the word vectors: fixed waves, or a table that is learned.

Waves: Vaswani et al. 2017, section 3.5, https://arxiv.org/abs/1706.03762
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def sinusoidal_positions(
    seq: int, d_model: int, base: float = 10_000.0
) -> Float[Tensor, "seq d_model"]:
    """Return a vector for each of the positions 0 to seq - 1, made of waves.

    Numbers 2i and 2i + 1 of the vector are a pair: the sine and the cosine of one angle, which is
    the position, divided by base^(2i / d_model). So sines stand at even places and cosines at odd
    ones, and later pairs turn more slowly.

    Returns float32, shape (seq, d_model). Raises ValueError when d_model is odd.
    """
    if d_model % 2:
        raise ValueError(f"d_model={d_model} is odd: sines and cosines come in pairs")
    # In float64, because a late position is a large angle, and only its remainder counts.
    exponents = torch.arange(0, d_model, 2, dtype=torch.float64) / d_model
    angles = torch.arange(seq, dtype=torch.float64)[:, None] / base**exponents
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2).float()


class LearnedPositions(nn.Module):
    """A table with one learned vector for every position, to be added to the vectors of the words.

    `max_seq` counts the positions, `d_model` the numbers in a vector. The table is the parameter
    `weight`, of shape (max_seq, d_model).
    """

    def __init__(self, max_seq: int, d_model: int) -> None:
        """Start with small random numbers: mean 0, standard deviation 0.02."""
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(max_seq, d_model))

    def forward(
        self, x: Float[Tensor, "... seq d_model"], offset: int = 0
    ) -> Float[Tensor, "... seq d_model"]:
        """Add to each vector of x the vector of its position.

        The first vector of x stands at position `offset`: so many positions came before it, whose
        keys and values wait in a cache.

        Raises ValueError when offset is negative, or when x goes past position max_seq - 1.
        """
        end = offset + x.shape[-2]
        if offset < 0 or end > len(self.weight):
            raise ValueError(
                f"positions {offset} to {end - 1} are asked for, but the table ends at "
                f"{len(self.weight) - 1}: make max_seq larger, or the text shorter"
            )
        return x + self.weight[offset:end]
