"""What goes wrong in cosine_lr."""

import math

from autograder.exercises.decoder.cosine_lr import cosine_lr, curve


@cosine_lr.mistake(
    "The warm-up starts at one step's worth, not at 0: it counts from 1.",
    "What is the rate at step 0?",
)
def counted_from_one(step, *plan):
    return curve(step, *plan, rise=lambda step, warmup: (step + 1) / warmup)


@cosine_lr.mistake(
    "The warm-up is divided by one step too many, so the peak is never reached in a straight line.",
    "How far up is step 5 of 10?",
)
def one_too_many(step, *plan):
    return curve(step, *plan, rise=lambda step, warmup: (step + 1) / (warmup + 1))


@cosine_lr.mistake(
    "There is no warm-up: the first steps are at the peak.", "What is the rate at step 0?"
)
def no_warm_up(step, *plan):
    return curve(step, *plan, rise=lambda step, warmup: 1)


@cosine_lr.mistake(
    "The warm-up begins at the floor, not at 0.", "What is the rate at step 0, says the task?"
)
def from_floor(step, peak, warmup, steps, floor=0.0):
    if step < warmup <= steps:
        return floor + (peak - floor) * step / warmup
    return curve(step, peak, warmup, steps, floor)


@cosine_lr.mistake(
    "Without a warm-up it divides by 0.", "Which branch does step 0 take when warmup is 0?"
)
def divides_by_zero(step, peak, warmup, steps, floor=0.0):
    rise = step / warmup
    return curve(step, peak, warmup, steps, floor, rise=lambda *_: rise)


@cosine_lr.mistake(
    "With a warm-up that lasts to the end, it divides by 0.",
    "How many steps are left after the warm-up, if it is as long as all of them?",
)
def divides_by_rest(step, peak, warmup, steps, floor=0.0):
    (step - warmup) / (steps - warmup)
    return curve(step, peak, warmup, steps, floor)


@cosine_lr.mistake(
    "The wave is counted from step 0, as if there were no warm-up: the rate jumps where it ends.",
    "Where in your wave is step `warmup`?",
)
def from_zero(step, peak, warmup, steps, floor=0.0):
    if step < warmup or step >= steps:
        return curve(step, peak, warmup, steps, floor)
    return curve(step, peak, 0, steps, floor)


@cosine_lr.mistake(
    "The wave is as long as all steps together, so the floor is not reached at the end.",
    "How many steps does the wave last, if the warm-up took some?",
)
def too_long(step, peak, warmup, steps, floor=0.0):
    share = (step - warmup) / max(steps, 1)
    return curve(
        step, peak, warmup, steps, floor, wave=lambda _: (1 + math.cos(math.pi * share)) / 2
    )


@cosine_lr.mistake(
    "It rises where it should fall.", "What is the cosine of 0, and what that of half a turn?"
)
def rising(step, *plan):
    return curve(step, *plan, wave=lambda share: (1 - math.cos(math.pi * share)) / 2)


@cosine_lr.mistake(
    "A whole wave instead of half of one: it is back at the peak before the end.",
    "How far around is half a wave: π or 2π?",
)
def whole_wave(step, *plan):
    return curve(step, *plan, wave=lambda share: (1 + math.cos(2 * math.pi * share)) / 2)


@cosine_lr.mistake(
    "A quarter of a wave: it falls slowly first and is steep at the end.",
    "What is the slope of half a wave at its end?",
)
def quarter_wave(step, *plan):
    return curve(step, *plan, wave=lambda share: math.cos(math.pi / 2 * share))


@cosine_lr.mistake(
    "It falls in a straight line, not along a wave.", "Where in your code is the cosine?"
)
def linear(step, *plan):
    return curve(step, *plan, wave=lambda share: 1 - share)


@cosine_lr.mistake(
    "The angle is in degrees; math.cos wants it in radians.", "What is half a turn for math.cos?"
)
def degrees(step, *plan):
    return curve(step, *plan, wave=lambda share: (1 + math.cos(180 * share)) / 2)


@cosine_lr.mistake(
    "After the end the rate rises again.", "What does the cosine do behind half a wave?"
)
def rises_again(step, peak, warmup, steps, floor=0.0):
    if step > steps > warmup:
        angle = math.pi * (step - warmup) / (steps - warmup)
        return floor + (peak - floor) * (1 + math.cos(angle)) / 2
    return curve(step, peak, warmup, steps, floor)


@cosine_lr.mistake(
    "After the end the rate is 0, not the floor.", "What is `floor` for, when all steps are made?"
)
def nothing_at_the_end(step, peak, warmup, steps, floor=0.0):
    return 0.0 if step >= steps >= warmup else curve(step, peak, warmup, steps, floor)


@cosine_lr.mistake(
    "The floor is added on top: the rate starts above the peak.",
    "Between which two numbers does the wave go? What is floor + peak?",
)
def floor_on_top(step, peak, warmup, steps, floor=0.0):
    if warmup <= step < steps:
        return floor + curve(step, peak, warmup, steps, 0.0)
    return curve(step, peak, warmup, steps, floor)


@cosine_lr.mistake(
    "The wave goes down to 0 and is cut off at the floor.",
    "Does the rate reach the floor before the last step?",
)
def cut_at_floor(step, peak, warmup, steps, floor=0.0):
    low = curve(step, peak, warmup, steps, 0.0)
    return max(low, floor) if step >= warmup else low


@cosine_lr.mistake("The floor is left out: the wave goes down to 0.", "Where is `floor`?")
def floor_left_out(step, peak, warmup, steps, floor=0.0):
    return curve(step, peak, warmup, steps)


@cosine_lr.mistake(
    "The wave swings around 0: half of the rates are negative.",
    "Between which two numbers does a cosine lie, and between which two should yours?",
)
def around_zero(step, *plan):
    return curve(step, *plan, wave=lambda share: math.cos(math.pi * share))


@cosine_lr.mistake(
    "A warm-up that is longer than all steps is accepted.", "What should be refused?"
)
def not_checked(step, peak, warmup, steps, floor=0.0):
    if warmup > steps:
        return peak * step / warmup if step < warmup else floor
    return curve(step, peak, warmup, steps, floor)
