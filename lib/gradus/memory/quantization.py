"""Quantisation: weights as whole numbers of 8 bits, and a scale to read them by.

Jacob et al. 2017, equation 1, https://arxiv.org/abs/1712.05877;
one scale for each channel: Krishnamoorthi 2018, section 2, https://arxiv.org/abs/1806.08342
"""

import torch
from jaxtyping import Float, Int, Int8
from torch import Tensor


def quantize_int8(
    x: Float[Tensor, "channel column"], per_channel: bool = True, symmetric: bool = True
) -> tuple[Int8[Tensor, "channel column"], Float[Tensor, "scales 1"], Int[Tensor, "scales 1"]]:
    """Return codes of x in int8, scales, and zeros, so that x is about (code - zero) * scale.

    - With `per_channel`, every row has a scale and a zero of its own, of shape (channel, 1).
      Otherwise one serves the whole matrix; the shape is (1, 1).
    - Symmetric: the largest absolute value gets the code 127 or -127, and zero is 0.
    - Otherwise the codes -128 to 127 span the values from the least to the largest, widened where
      needed so that 0 is among them. Then zero is the whole number nearest to where 0 falls.

    Codes are rounded to the nearest, so that no value is off by more than half a scale (and a hair,
    at the ends), and 0 comes back as exactly 0. Where all is 0, the scale is 1 (and 0, the least
    value, has the code -128 unless symmetric). The scale is float32, or float64 where x is, and all
    is computed in it; zero is int32.
    """
    wide = x if x.dtype == torch.float64 else x.float()
    across = -1 if per_channel else (0, 1)
    high = wide.amax(across, keepdim=True).clamp(min=0)
    low = wide.amin(across, keepdim=True).clamp(max=0)
    scale = torch.maximum(high, -low) / 127 if symmetric else (high - low) / 255
    scale = torch.where(scale == 0, 1, scale)
    zero = torch.zeros_like(scale) if symmetric else (-128 - low / scale).round()
    codes = ((wide / scale).round() + zero).clamp(-128, 127)
    return codes.to(torch.int8), scale, zero.to(torch.int32)


def dequantize_int8(
    codes: Int8[Tensor, "channel column"],
    scale: Float[Tensor, "scales 1"],
    zero: Int[Tensor, "scales 1"],
) -> Float[Tensor, "channel column"]:
    """Return the values that int8 codes stand for: (code - zero) * scale."""
    return (codes.to(torch.int32) - zero) * scale  # in int8 the difference could overflow
