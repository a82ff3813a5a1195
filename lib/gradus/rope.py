"""Rotary positions: turn queries and keys, so that their scores know how far apart they are.

Su et al. 2021, https://arxiv.org/abs/2104.09864. Which two numbers turn together is a convention.
Published weights fit one of the two only: LLaMA's fit `apply_rope` in the transformers library, and
`apply_rope_interleaved` in the files from Meta, whose queries and keys have their rows reordered.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def apply_rope(
    x: Float[Tensor, "... seq d_head"],
    positions: Int[Tensor, "... seq"],
    base: float = 10_000.0,
) -> Float[Tensor, "... seq d_head"]:
    """Turn every vector by its position: pair i by the angle position / base^(2i / d_head).

    The pairs are split in halves: number i of the first half turns with number i of the second
    half. A pair (a, b) becomes (a cos - b sin, a sin + b cos).

    `positions` broadcasts to the shape of x without its last axis; they need not begin at 0 or be
    in order. Computed in at least float32 (in float64 for float64), returned in the dtype of x.
    Raises ValueError when d_head is odd.
    """
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head={d_head} is odd: rotation needs pairs")
    wide = x.to(torch.promote_types(x.dtype, torch.float32))
    exponents = torch.arange(0, d_head, 2, dtype=wide.dtype, device=x.device) / d_head
    angles = positions.unsqueeze(-1) / base**exponents
    cos, sin = angles.cos(), angles.sin()
    a, b = wide.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1).to(x.dtype)


def apply_rope_interleaved(
    x: Float[Tensor, "... seq d_head"],
    positions: Int[Tensor, "... seq"],
    base: float = 10_000.0,
) -> Float[Tensor, "... seq d_head"]:
    """Do the same with neighbours for pairs: numbers 2i and 2i + 1 turn together.

    Raises ValueError when d_head is odd.
    """
    if x.shape[-1] % 2:
        raise ValueError(f"d_head={x.shape[-1]} is odd: rotation needs pairs")
    halves = torch.cat([x[..., 0::2], x[..., 1::2]], dim=-1)
    a, b = apply_rope(halves, positions, base).chunk(2, dim=-1)
    return torch.stack([a, b], dim=-1).flatten(-2)
