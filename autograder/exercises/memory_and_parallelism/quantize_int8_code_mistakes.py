"""What people get wrong in quantize_int8: zero, and the codes."""

import torch

from autograder.exercises.memory_and_parallelism.quantize_int8 import quantize_int8
from autograder.exercises.memory_and_parallelism.quantize_int8_mistakes import Steps, wrong
from gradus.memory.quantization import quantize_int8 as right


@wrong(
    "The codes are cut off, not rounded.",
    "Which code is nearest to 2.9? Which one does a conversion to a whole number give?",
)
def codes__cut(self):
    return (self.wide / self.scale).trunc() + self.zero


@wrong(
    "The codes are rounded down, not to the nearest.", "Which code is nearest to 2.9, and to -2.9?"
)
def codes__down(self):
    return (self.wide / self.scale).floor() + self.zero


@wrong(
    "Zero has the wrong sign in the codes: it is subtracted here where it should be added.",
    "The codes are read as (code - zero) * scale. What is the code then?",
)
def codes__minus_zero(self):
    return ((self.wide / self.scale).round() - self.zero).clamp(-128, 127)


@wrong(
    "Zero is not added to the codes, so that one end of them is cut off.",
    "Which code should the value 0 get?",
)
def codes__without_zero(self):
    return (self.wide / self.scale).round().clamp(-128, 127)


@wrong(
    "x is multiplied by the scale, not divided.",
    "A step is 0.01. How many steps is 0.5 away from 0?",
)
def codes__multiplied(self):
    return ((self.wide * self.scale).round() + self.zero).clamp(-128, 127)


@wrong("Negative values are cut off at 0.", "Is 0 the least code, or the one in the middle?")
def codes__no_negatives(self):
    return ((self.wide / self.scale).round() + self.zero).clamp(0, 127)


@wrong("`symmetric` is ignored: zero is always 0.", "Where in your code does `symmetric` appear?")
def zeros__always_0(self):
    return torch.zeros_like(self.scale)


@wrong(
    "`symmetric` is ignored: zero is never 0 by rule.",
    "Where in your code does `symmetric` appear?",
)
def zeros__never_0(self):
    return (-128 - self.low / self.scale).round()


@wrong(
    "The codes go from 0 to 255, and most do not fit into int8.",
    "Which is the least code of int8, and which value should get it?",
)
def zeros__unsigned(self):
    return torch.zeros_like(self.scale) if self.symmetric else (-self.low / self.scale).round()


@wrong(
    "Zero is found from the wrong end: the largest value gets the least code.",
    "Which value gets the code -128: the least, or the largest?",
)
def zeros__from_the_largest(self):
    if self.symmetric:
        return torch.zeros_like(self.scale)
    return (-128 + self.high / self.scale).round()


@wrong(
    "Zero has the wrong sign.",
    "The least value is 28 steps below 0 and gets the code -128. Which code does 0 get?",
)
def zeros__negated(self):
    return -Steps.zeros(self)


@wrong(
    "Zero is cut off, not rounded to the nearest whole number.",
    "0 falls on 39.7. Which whole number is nearest?",
)
def zeros__cut(self):
    if self.symmetric:
        return torch.zeros_like(self.scale)
    return (-128 - self.low / self.scale).trunc()


@wrong(
    "Zero is given as a value, the middle of the span, not as a code.",
    "In which unit is zero: in that of x, or in steps?",
)
def zeros__as_value(self):
    if self.symmetric:
        return torch.zeros_like(self.scale)
    return (self.high + self.low) / 2


@quantize_int8.mistake(
    "The codes are not of dtype int8.", "How many bytes does a code take in your result?"
)
def wide_codes(x, per_channel=True, symmetric=True):
    codes, scale, zero = right(x, per_channel, symmetric)
    return codes.to(scale.dtype), scale, zero


@quantize_int8.mistake(
    "The codes are of dtype uint8, and negative ones become large.",
    "Which whole numbers does uint8 hold? And int8?",
)
def unsigned_codes(x, per_channel=True, symmetric=True):
    codes, scale, zero = right(x, per_channel, symmetric)
    return codes.to(torch.uint8), scale, zero


@quantize_int8.mistake(
    "What the codes stand for is returned in their place.",
    "What shall be kept in memory: whole numbers, or the values that they mean?",
)
def already_read(x, per_channel=True, symmetric=True):
    codes, scale, zero = right(x, per_channel, symmetric)
    return (codes.int() - zero) * scale, scale, zero


@quantize_int8.mistake(
    "Only codes and scales are returned.", "Which three things does the docstring list?"
)
def without_zeros(x, per_channel=True, symmetric=True):
    return right(x, per_channel, symmetric)[:2]
