"""zero_memory: what each GPU keeps when many train one model."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.times_off import TimesOff
from autograder.trial import Trial, ask
from gradus.memory import zero as reference

zero_memory = Exercise(reference.zero_memory)

BY_HAND = ask(60, 4, 1)
STAGES = [ask(6000, 8, stage) for stage in (0, 1, 2, 3)]
ALONE = [ask(6000, 1, stage) for stage in (0, 1, 2, 3)]
MANY = [ask(600_000, 300, stage) for stage in (0, 1, 2, 3)]
OTHER = [ask(6000, 5, stage, optimizer_bytes=4) for stage in (0, 1, 2, 3)]
UNEVEN = [ask(10, 4, stage) for stage in (1, 2, 3)]
REFUSED = [ask(60, 4, 4), ask(60, 4, -1), ask(60, 0, 1)]


@zero_memory.case("60 parameters on 4 GPUs at stage 1, by hand", 0.5, judge=TimesOff([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    # Weights 120, gradients 120, and a quarter of 720.
    return ByHand(BY_HAND, 420.0)


@zero_memory.case("all stages on 8 GPUs", 1.5, judge=TimesOff(STAGES))
def stages(rng: Generator) -> list[Trial]:
    return STAGES


@zero_memory.case("one GPU has nothing to share", 0.5, judge=TimesOff(ALONE))
def alone(rng: Generator) -> list[Trial]:
    return ALONE


@zero_memory.case("300 GPUs", 0.5, judge=TimesOff(MANY))
def many(rng: Generator) -> list[Trial]:
    return MANY


@zero_memory.case("another optimizer", judge=TimesOff(OTHER))
def other(rng: Generator) -> list[Trial]:
    return OTHER


@zero_memory.case("parts that are no whole number", 0.5, judge=TimesOff(UNEVEN))
def uneven(rng: Generator) -> list[Trial]:
    return UNEVEN


@zero_memory.case("other stages, and no GPU, are refused", 0.5, judge=TimesOff(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@zero_memory.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    params = [int(p) for p in randint(500, 5000, (4,), generator=rng)]
    ranks = [int(r) for r in randint(3, 40, (4,), generator=rng)]
    return [ask(p, n, stage, 8) for stage, (p, n) in enumerate(zip(params, ranks, strict=True))]


@zero_memory.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(120, 4, 2)


@zero_memory.variant
def as_in_the_paper(params, ranks, stage, optimizer_bytes=12):
    if ranks < 1:
        raise ValueError("no GPU")
    if stage == 0:
        return (4 + optimizer_bytes) * params
    if stage == 1:
        return 4 * params + optimizer_bytes * params / ranks
    if stage == 2:
        return 2 * params + (2 + optimizer_bytes) * params / ranks
    if stage == 3:
        return (4 + optimizer_bytes) * params / ranks
    raise ValueError("no such stage")


@zero_memory.variant
def part_by_part(params, ranks, stage, optimizer_bytes=12):
    if stage not in range(4) or ranks <= 0:
        raise ValueError(stage, ranks)
    total = 0.0
    for shared_from, size in ((3, 2), (2, 2), (1, optimizer_bytes)):
        total += params * size / (ranks if stage >= shared_from else 1)
    return total


@zero_memory.variant
def what_is_saved(params, ranks, stage, optimizer_bytes=12):
    if not (0 <= stage <= 3 and ranks >= 1):
        raise ValueError("no")
    shared = sum([optimizer_bytes, 2, 2][:stage])
    return params * (4 + optimizer_bytes - shared * (ranks - 1) / ranks)
