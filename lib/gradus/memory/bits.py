"""Bits: a number as each format keeps it.

fp32 and fp16: IEEE 754-2019; bf16 is the first half of fp32.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Format:
    """A floating-point format: the torch dtype, and how many bits each of its parts has."""

    dtype: torch.dtype
    exponent: int
    mantissa: int

    @property
    def bits(self) -> int:
        """All bits, that of the sign among them."""
        return 1 + self.exponent + self.mantissa


FORMATS = {
    "fp32": Format(torch.float32, 8, 23),
    "bf16": Format(torch.bfloat16, 8, 7),
    "fp16": Format(torch.float16, 5, 10),
}
SAME_SIZE = {32: torch.int32, 16: torch.int16}


@dataclass(frozen=True)
class Kept:
    """A number in one format: the bits of its parts, and the value that they stand for."""

    sign: str
    exponent: str
    mantissa: str
    value: float


def kept_as(number: float, name: str) -> Kept:
    """Return a number as a format keeps it: int8, or one of `FORMATS`.

    int8 rounds to the nearest whole number, and cuts off at -128 and 127; its bits are one sign and
    seven of a whole number (two's complement), and it has no exponent. Raises KeyError for another
    name.
    """
    if name == "int8":
        value = max(-128, min(127, round(number)))
        bits = f"{value % 256:08b}"
        return Kept(bits[0], "", bits[1:], float(value))
    form = FORMATS[name]
    kept = torch.tensor(number, dtype=torch.float64).to(form.dtype)
    pattern = int(kept.view(SAME_SIZE[form.bits]).item()) % 2**form.bits
    bits = f"{pattern:0{form.bits}b}"
    return Kept(bits[0], bits[1 : 1 + form.exponent], bits[1 + form.exponent :], kept.item())


def neighbours(number: float, name: str) -> tuple[Tensor, Tensor]:
    """Return the value that a floating-point format keeps of a number, and the next one above."""
    form = FORMATS[name]
    kept = torch.tensor(number, dtype=torch.float64).to(form.dtype)
    above = (kept.view(SAME_SIZE[form.bits]) + (1 if number >= 0 else -1)).view(form.dtype)
    return kept.double(), above.double()
