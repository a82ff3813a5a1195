"""What people get wrong in quantize_int8: the scale, and what it is taken of."""

import torch

from autograder.exercises.memory_and_parallelism.quantize_int8 import quantize_int8
from gradus.memory.quantization import quantize_int8 as right


class Steps:
    """How x becomes codes, in steps that can each be got wrong."""

    def __init__(self, x, per_channel, symmetric):
        self.given, self.per_channel, self.symmetric = x, per_channel, symmetric
        self.wide = self.widened()
        high, low = self.ends()
        self.high, self.low = high, low
        self.scale = self.guarded(self.spread())
        self.zero = self.zeros()

    def widened(self):
        return self.given if self.given.dtype == torch.float64 else self.given.float()

    def across(self):
        return -1 if self.per_channel else (0, 1)

    def ends(self):
        high, low = (reach(self.across(), True) for reach in (self.wide.amax, self.wide.amin))
        return high.clamp(min=0), low.clamp(max=0)

    def spread(self):
        if self.symmetric:
            return torch.maximum(self.high, -self.low) / 127
        return (self.high - self.low) / 255

    def guarded(self, scale):
        return torch.where(scale == 0, 1, scale)

    def zeros(self):
        if self.symmetric:
            return torch.zeros_like(self.scale)
        return (-128 - self.low / self.scale).round()

    def codes(self):
        return ((self.wide / self.scale).round() + self.zero).clamp(-128, 127)

    def result(self):
        return self.codes().to(torch.int8), self.scale, self.zero.to(torch.int32)


def wrong(name, look):
    """Add a mistake: the decorated function takes the place of the step that it is named after."""

    def add(step):
        method = step.__name__.partition("__")[0]
        mistaken = type(step.__name__, (Steps,), {method: step})

        def answer(x, per_channel=True, symmetric=True):
            return mistaken(x, per_channel, symmetric).result()

        answer.__name__ = step.__name__
        quantize_int8.mistake(name, look)(answer)
        return step

    return add


@wrong(
    "The scale is the largest value itself; the codes are -1, 0 and 1 only.",
    "The largest value gets the code 127. How large is one step?",
)
def spread__undivided(self):
    return Steps.spread(self) * (127 if self.symmetric else 255)


@wrong(
    "The largest value is divided by 128; its own code would then be 128, which does not exist.",
    "What is the largest whole number in int8?",
)
def spread__128(self):
    return Steps.spread(self) * 127 / 128 if self.symmetric else Steps.spread(self)


@wrong(
    "Half of the codes are not used: the largest absolute value is divided by 255.",
    "How many codes are there above 0, and how many in all?",
)
def spread__255(self):
    return Steps.spread(self) * 127 / 255 if self.symmetric else Steps.spread(self)


@wrong(
    "From the least to the largest, 256 steps are counted.",
    "From -128 to 127 there are 256 codes. How many steps lie between the first and the last?",
)
def spread__256(self):
    return Steps.spread(self) * 255 / 256 if not self.symmetric else Steps.spread(self)


@wrong(
    "Only the largest value decides, not the largest absolute value.",
    "What code does -2 get, when the largest value is 1?",
)
def spread__signed(self):
    return self.high / 127 if self.symmetric else Steps.spread(self)


@wrong(
    "The spread from least to largest is used for symmetric codes too.",
    "With values from -1 to 3, what is the largest distance from 0?",
)
def spread__range(self):
    return (self.high - self.low) / (254 if self.symmetric else 255)


@wrong(
    "The largest absolute value decides where the least and the largest should.",
    "With values from -1 to 3, which values do your codes span? Do they occur?",
)
def spread__absolute(self):
    return torch.maximum(self.high, -self.low) / 127


@wrong(
    "One scale serves the whole matrix, whatever `per_channel` says.",
    "Where in your code does `per_channel` appear?",
)
def across__all(self):
    return (0, 1)


@wrong(
    "Every row has a scale of its own, whatever `per_channel` says.",
    "Where in your code does `per_channel` appear?",
)
def across__rows(self):
    return -1


@wrong(
    "Every column has a scale, where every row should.",
    "Which axis is gone after the maximum: that of the channels, or the other one?",
)
def across__columns(self):
    return 0 if self.per_channel else (0, 1)


@wrong(
    "0 need not be among the values that the codes span.",
    "All values lie between 5 and 6. Which code means 0 then?",
)
def ends__unwidened(self):
    return self.wide.amax(self.across(), True), self.wide.amin(self.across(), True)


@wrong(
    "Where all is 0, the scale is 0 too, and the codes come from 0 / 0.",
    "What is 0 / 0, and what becomes of it as a whole number?",
)
def guarded__never(self, scale):
    return scale


@wrong(
    "A floor under the scale: very small weights are lost.",
    "All weights of a row are about 0.000001. What codes do they get?",
)
def guarded__floor(self, scale):
    return torch.where(scale == 0, 1, scale.clamp(min=1e-5))


@wrong(
    "The scale is kept in half precision, and with it every weight is a little off.",
    "Which dtype does the docstring ask for the scale?",
)
def guarded__half(self, scale):
    return torch.where(scale == 0, 1, scale.half().to(scale.dtype))


@wrong(
    "Numbers in half precision are divided and rounded in half precision.",
    "In which dtype should all be computed, whatever comes in?",
)
def widened__not(self):
    return self.given


@wrong(
    "Everything is computed in float32, even what comes in double precision.",
    "Which dtype should the scale of a float64 matrix have?",
)
def widened__always_single(self):
    return self.given.float()


@quantize_int8.mistake(
    "The scale is upside down: it is what x was multiplied with.",
    "With which operation do codes become values again: do you multiply by the scale, or divide?",
)
def upside_down(x, per_channel=True, symmetric=True):
    codes, scale, zero = right(x, per_channel, symmetric)
    return codes, 1 / scale, zero


@quantize_int8.mistake(
    "The scales have lost their second axis.", "What does `keepdim` do for a maximum?"
)
def flat(x, per_channel=True, symmetric=True):
    codes, scale, zero = right(x, per_channel, symmetric)
    return codes, scale.flatten(), zero.flatten()
