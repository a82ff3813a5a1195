"""quantize_int8: weights as whole numbers of 8 bits.

In all cases but those by hand, no number comes near the middle between two codes: there, ways of
computing that are equally right would round apart.
"""

import torch
from torch import Generator, Tensor, rand, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus.memory import quantization as reference

quantize_int8 = Exercise(
    reference.quantize_int8,
    instead_of=[torch.quantize_per_channel, torch.quantize_per_tensor],
    returns=("the codes", "the scales", "the zeros"),
)


def even(rng: Generator, scales: list[float], columns: int, most: int = 127) -> Tensor:
    """Rows of `scales` times -127 to 127, the ends among them; more or less, but never by half."""
    shape = (len(scales), columns)
    steps = randint(-120, 121, shape, generator=rng) + 0.6 * rand(shape, generator=rng) - 0.3
    steps[:, 1], steps[:, 3] = -most, 90.2
    return steps * tensor(scales)[:, None]


def shifted(rng: Generator, scales: list[float], zeros: list[int], columns: int) -> Tensor:
    """Rows whose codes, -128 and 127 among them, are taken from zeros of their own."""
    shape = (len(scales), columns)
    steps = randint(-120, 121, shape, generator=rng) + 0.3 * rand(shape, generator=rng) - 0.15
    steps[:, 1], steps[:, 2] = -128, 127
    return (steps - tensor(zeros)[:, None] + 0.3) * tensor(scales)[:, None]


@quantize_int8.case("three numbers, by hand", 0.5)
def by_hand(rng: Generator) -> ByHand:
    # The largest is 127 hundredths, so that a step is a hundredth.
    codes = tensor([[50, -127, 100]], dtype=torch.int8)
    zero = tensor([[0]], dtype=torch.int32)
    return ByHand(ask(tensor([[0.5, -1.27, 1.0]])), (codes, tensor([[0.01]]), zero))


@quantize_int8.case("a scale for each row", 1)
def each_row(rng: Generator) -> list[Trial]:
    return [ask(even(rng, [0.02, 1.0, 0.3], 7)), ask(-even(rng, [0.5, 7.0], 6))]


@quantize_int8.case("one scale for all", 1)
def one_scale(rng: Generator) -> Trial:
    x = even(rng, [0.02, 0.02, 0.02], 7)
    x[0] /= 127  # so small that all of the row becomes 0 or 1
    return ask(x, per_channel=False)


@quantize_int8.case("codes from the least to the largest", 1.5)
def asymmetric(rng: Generator) -> list[Trial]:
    return [ask(shifted(rng, [0.02, 1.0, 0.3], [40, -70, 3], 8), symmetric=False)]


@quantize_int8.case("all above 0, all below 0", 1)
def one_side(rng: Generator) -> list[Trial]:
    steps = tensor([[30.2, 255, 100.1, 60.3], [-255, -40.2, -9.1, -200.3]])
    return [ask(steps * 0.1, symmetric=False), ask((steps * 0.1).abs() / 255 * 127)]


@quantize_int8.case("least to largest, one scale for all", 0.5)
def asymmetric_for_all(rng: Generator) -> Trial:
    x = shifted(rng, [0.02, 0.02], [40, 40], 8)
    x[1, 1:3] = x[1, 4:6]  # the ends are in the first row only
    return ask(x, per_channel=False, symmetric=False)


@quantize_int8.case("zeros, and rows of nothing else", 1, hint="What is the scale where all is 0?")
def zeros(rng: Generator) -> list[Trial]:
    x = tensor([[0.0, 0, 0, 0], [0, 2.54, -1, 0], [0.6, 0, 0, 0.21]])
    nothing = torch.zeros(2, 3)
    return [ask(x), ask(x, symmetric=False), ask(nothing, per_channel=False)]


@quantize_int8.case("very small numbers and large ones", 0.5)
def magnitudes(rng: Generator) -> list[Trial]:
    x = even(rng, [1e-8, 1e-12, 300.0], 6)
    return [ask(x), ask(even(rng, [1e-9, 1e-9], 6), per_channel=False)]


@quantize_int8.case("numbers in half precision, and in double", 0.5)
def precisions(rng: Generator) -> list[Trial]:
    x = even(rng, [0.02, 1.0, 0.3], 7)
    return [ask(x.half()), ask(x.double(), symmetric=False), ask(x.half(), per_channel=False)]


@quantize_int8.case("hidden weights", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    small, large = (0.1 + rand(2, generator=rng)).tolist()
    zeros = randint(-100, 100, (2,), generator=rng).tolist()
    return [
        ask(even(rng, [small, 9 * large], 9)),
        ask(even(rng, [large, large], 9), per_channel=False),
        ask(shifted(rng, [small, large], zeros, 9), symmetric=False),
    ]


@quantize_int8.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(shifted(rng, [0.4, 2.0, 0.3], [40, -70, 30], 6), symmetric=False)


@quantize_int8.variant
def row_by_row(x, per_channel=True, symmetric=True):
    if x.dtype != torch.float64:
        x = x.to(torch.float32)
    parts = [row[None] for row in x] if per_channel else [x]
    codes, scales, zeros = [], [], []
    for part in parts:
        low = torch.minimum(part.min(), part.new_zeros(()))
        high = torch.maximum(part.max(), part.new_zeros(()))
        scale = part.abs().max() / 127 if symmetric else (high - low) / 255
        scale = scale + (scale == 0)
        zero = torch.zeros_like(scale) if symmetric else torch.round(-(low / scale)) - 128
        codes.append(torch.round(part / scale + zero).clamp(-128, 127))
        scales.append(scale)
        zeros.append(zero)
    return (
        torch.cat(codes).to(torch.int8),
        torch.stack(scales)[:, None],
        torch.stack(zeros)[:, None].int(),
    )


@quantize_int8.variant
def floor_of_a_half_more(x, per_channel=True, symmetric=True):
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    flat = wide if per_channel else wide.reshape(1, -1)
    if symmetric:
        most = flat.abs().max(dim=1, keepdim=True).values
        scale = (most / 127).masked_fill(most == 0, 1)
        zero = torch.zeros_like(scale, dtype=torch.int32)
    else:
        ends = torch.nn.functional.pad(flat, (0, 1))  # so that 0 is among them
        low, high = ends.min(1, keepdim=True).values, ends.max(1, keepdim=True).values
        scale = ((high - low) / 255).masked_fill(high == low, 1)
        zero = (-128 - low / scale + 0.5).floor().to(torch.int32)
    codes = torch.floor(wide / scale + 0.5) + zero
    return codes.clamp(-128, 127).to(torch.int8), scale, zero


@quantize_int8.variant
def by_the_bounds(x, per_channel=True, symmetric=True):
    x = x if x.dtype == torch.float64 else x.float()
    ends = torch.stack([x.amin(1), x.amax(1)]) if per_channel else torch.stack([x.min(), x.max()])
    ends = ends.reshape(2, -1, 1)
    low, high = ends[0].clamp(max=0), ends[1].clamp(min=0)
    if symmetric:
        high = torch.maximum(high, -low)
        low = -high
    steps = 254 if symmetric else 255
    scale = (high - low) / steps
    scale = torch.where(high > low, scale, torch.ones_like(scale))
    least = -127 if symmetric else -128
    zero = torch.round(least - low / scale) * (high > low)
    if not symmetric:
        zero = torch.where(high > low, zero, torch.full_like(zero, -128))
    codes = torch.round(x / scale).add(zero).clip(-128, 127)
    return codes.type(torch.int8), scale, zero.type(torch.int32)
