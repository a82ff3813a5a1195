"""cosine_lr: the rate of every step."""

import math

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import schedule

cosine_lr = Exercise(schedule.cosine_lr)


def _rates(*steps, plan=(2.0, 10, 50, 0.5)):
    return [ask(step, *plan) for step in steps]


@cosine_lr.case("halfway down, by hand", 0.5, hint="Halfway between 2 and 0.5.")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(30, 2.0, 10, 50, 0.5), 1.25)


@cosine_lr.case("warm-up", hint="0 at step 0, a straight line, the peak only when it is over.")
def warm_up(rng: Generator) -> list[Trial]:
    return _rates(0, 1, 5, 9, 10)


@cosine_lr.case("down from the peak", 1.5)
def down(rng: Generator) -> list[Trial]:
    return _rates(11, 17, 25, 38, 49)


@cosine_lr.case("the end, and beyond it", hint="From the last step on, nothing changes any more.")
def end(rng: Generator) -> list[Trial]:
    return _rates(50, 51, 70, 90, 400)


@cosine_lr.case("no floor is given", 0.5)
def no_floor(rng: Generator) -> list[Trial]:
    return _rates(3, 20, 49, 50, 60, plan=(1e-3, 10, 50))


@cosine_lr.case("without a warm-up, with nothing else, and with too much of it")
def corners(rng: Generator) -> list[Trial]:
    return [
        *_rates(0, 1, 40, plan=(2.0, 0, 50, 0.5)),
        *_rates(4, 5, 6, plan=(2.0, 5, 5, 0.5)),
        ask(3, 2.0, 6, 5, 0.5),
    ]


@cosine_lr.case("hidden plans", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    warmup, more = randint(3, 30, (2,), generator=rng).tolist()
    plan = (0.3, warmup, warmup + 2 * more + 5, 0.07)
    middle = warmup + more
    return _rates(warmup - 1, warmup + 1, middle, middle + 3, 999, plan=plan)


def curve(step, peak, warmup, steps, floor=0.0, *, rise=None, wave=None):
    """The schedule with another rise (from 0 to 1) or another wave (1 to 0 over 0 to 1)."""
    if warmup > steps:
        raise ValueError("too long")
    if step >= steps:
        return floor
    if step < warmup:
        return peak * (rise(step, warmup) if rise else step / warmup)
    share = (step - warmup) / (steps - warmup)
    height = wave(share) if wave else (1 + math.cos(math.pi * share)) / 2
    return floor + (peak - floor) * height


@cosine_lr.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(7, 0.3, 4, 12, 0.02)


@cosine_lr.variant
def with_sine(step, peak, warmup, steps, floor=0.0):
    if steps < warmup:
        raise ValueError("the warm-up is too long")
    if step < warmup and step < steps:
        return step * (peak / warmup)
    left = max(steps - step, 0) / max(steps - warmup, 1)
    return floor + (peak - floor) * math.sin(math.pi / 2 * left) ** 2


@cosine_lr.variant
def with_half_sum(step, peak, warmup, steps, floor=0.0):
    if warmup > steps:
        raise ValueError
    if step >= steps:
        return floor
    if step < warmup:
        return peak / warmup * step
    angle = math.pi * (step - warmup) / (steps - warmup)
    return 0.5 * (peak + floor) + 0.5 * (peak - floor) * math.cos(angle)


@cosine_lr.variant
def clamped(step, peak, warmup, steps, floor=0.0):
    if not warmup <= steps:
        raise ValueError(f"{warmup} > {steps}")
    if warmup and step < warmup:
        return peak * (step / warmup)
    if warmup == steps:
        return floor
    share = min(1.0, (step - warmup) / (steps - warmup))
    share = (1.0 + math.cos(share * math.pi)) * 0.5
    return peak * share + floor * (1.0 - share)
