"""Learning-rate schedules: small steps first, then large ones, then smaller and smaller.

Cosine: Loshchilov and Hutter 2016, https://arxiv.org/abs/1608.03983;
with warm-up for language models: Radford et al. 2018 (GPT).
"""

import math


def cosine_lr(step: int, peak: float, warmup: int, steps: int, floor: float = 0.0) -> float:
    """Return the learning rate of one step; steps are counted from 0.

    - In the first `warmup` steps it rises in a straight line from 0 at step 0, so that it would
      reach `peak` at step `warmup`.
    - From there it falls along half a wave of the cosine: `peak` at step `warmup`, halfway between
      `peak` and `floor` in the middle of the remaining steps, `floor` at step `steps`.
    - From step `steps` on it stays at `floor`.

    Raises ValueError when warmup is longer than steps.
    """
    if warmup > steps:
        raise ValueError(f"a warm-up of {warmup} steps does not fit in {steps} steps")
    if step >= steps:
        return floor
    if step < warmup:
        return peak * step / warmup
    progress = (step - warmup) / (steps - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2
