"""t5_relative_bucket: its cases and variants. Its mistakes are in a file of their own."""

import math

import torch
from torch import Generator, arange, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import relative as layers

t5_relative_bucket = Exercise(layers.t5_relative_bucket)


@t5_relative_bucket.case(
    "eight distances, by hand",
    2,
    hint="16 buckets a side: -7 is still exact. Bucket 16 + 1 is for the key just after the query.",
)
def by_hand(rng: Generator) -> ByHand:
    distances = tensor([0, -1, -7, -8, -16, 1, 7, 1000])
    return ByHand(ask(distances), tensor([0, 1, 7, 8, 10, 17, 23, 31]))


@t5_relative_bucket.case(
    "a decoder's distances, by hand",
    hint="A decoder reads no later keys, so all 32 buckets are for earlier ones.",
)
def one_way(rng: Generator) -> ByHand:
    distances = tensor([0, -1, -15, -16, -1000, 1, 50])
    return ByHand(ask(distances, False), tensor([0, 1, 15, 16, 31, 0, 0]))


@t5_relative_bucket.case("every distance from -200 to 200, both modes")
def every(rng: Generator) -> list[Trial]:
    return [ask(arange(-200, 201), mode) for mode in (True, False)]


@t5_relative_bucket.case("other numbers of buckets and another end")
def others(rng: Generator) -> list[Trial]:
    table = arange(-60, 60).view(4, 5, 6)
    return [ask(table, True, 12, 47), ask(table, False, 10, max_distance=37)]


@t5_relative_bucket.case("the other kinds of whole numbers", 0.5)
def kinds(rng: Generator) -> list[Trial]:
    return [ask(arange(-40, 40).to(dtype), True) for dtype in (torch.int32, torch.int16)]


@t5_relative_bucket.case("buckets that cannot be", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return [ask(arange(-3, 4), True, 2), ask(arange(-3, 4), True, 32, 8)]


@t5_relative_bucket.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    # A prime end keeps all distances away from the borders, where rounding would decide.
    end = (101, 131, 151, 173)[int(randint(4, (1,), generator=rng))]
    buckets = 4 * int(randint(3, 9, (1,), generator=rng))
    distances = randint(-200, 200, (3, 30), generator=rng)
    return [ask(distances, mode, buckets, end) for mode in (True, False)]


@t5_relative_bucket.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(arange(5)[None, :] * 9 - arange(4)[:, None] * 7, True, 20, 41)


@t5_relative_bucket.variant
def with_comparisons(relative, bidirectional=True, buckets=32, max_distance=128):
    """Count how many borders a distance has passed."""
    n = buckets // 2 if bidirectional else buckets
    exact = n // 2
    if exact < 1 or max_distance <= exact:
        raise ValueError
    distance = relative.long().abs() if bidirectional else relative.long().neg().clamp(min=0)
    ratio = max_distance / exact
    borders = [*range(1, exact + 1)]
    borders += [math.ceil(exact * ratio ** (k / (n - exact)) - 1e-9) for k in range(1, n - exact)]
    bucket = sum((distance >= border).long() for border in borders)
    return bucket + n * (relative > 0).long() if bidirectional else bucket


@t5_relative_bucket.variant
def published(relative, bidirectional=True, buckets=32, max_distance=128):
    """As in the transformers library."""
    result = torch.zeros_like(relative, dtype=torch.long)
    if bidirectional:
        buckets //= 2
        result = result + (relative > 0).to(torch.long) * buckets
        relative = torch.abs(relative)
    else:
        relative = -torch.min(relative, torch.zeros_like(relative))
    exact = buckets // 2
    if exact == 0 or exact >= max_distance:
        raise ValueError("buckets")
    large = exact + (
        torch.log(relative.float() / exact) / math.log(max_distance / exact) * (buckets - exact)
    ).to(torch.long)
    large = torch.min(large, torch.full_like(large, buckets - 1))
    return result + torch.where(relative < exact, relative.long(), large)


@t5_relative_bucket.variant
def in_double_precision(relative, bidirectional=True, buckets=32, max_distance=128):
    n = buckets // (1 + bidirectional)
    exact = n // 2
    if not 0 < exact < max_distance:
        raise ValueError("no such buckets")
    later = relative > 0
    distance = (relative.abs() if bidirectional else (-relative).clamp_min(0)).long()
    steps = torch.log2(distance.double().clamp_min(exact) / exact) / math.log2(max_distance / exact)
    far = torch.floor(exact + steps * (n - exact)).long().clamp_max(n - 1)
    bucket = distance.where(distance < exact, far)
    return bucket + later * n * bidirectional
