"""train_time: how long it takes, and what it takes."""

from torch import Generator, rand, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import duration

UNITS = ["days", "GPU-hours", "petaFLOP/s-days"]
train_time = Exercise(duration.train_time, returns=UNITS)

BY_HAND = ask(8.64e19, 1, 1e15, 1.0)
GPUS = [ask(1e21, 8), ask(1e21, 512), ask(1e21, 1)]
RUNS = [
    ask(3.14e23, 1024, 125e12, 0.3),
    ask(5.48e23, 2048, 312e12, 0.5),
    ask(3.8e25, 16384, 989e12, 0.4),
]
WHOLE = [ask(1e20, 4, 312e12, 1.0), ask(1e20, 4, 312e12, 0.01)]
REFUSED = [
    ask(1e20, 8, 312e12, 40),
    ask(1e20, 8, 312e12, 1.01),
    ask(1e20, 8, 312e12, 0.0),
    ask(1e20, 8, 312e12, -0.4),
    ask(1e20, 0, 312e12, 0.4),
    ask(1e20, -2, 312e12, 0.4),
]


def _judge(trials=()):
    return Numbers(UNITS, trials)


@train_time.case(
    "a day at 1e15 FLOPs a second, by hand", 0.5, judge=_judge([BY_HAND]), hint="86,400 seconds."
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, (1.0, 24.0, 1.0))


@train_time.case(
    "1 GPU, 8 and 512",
    judge=_judge(GPUS),
    hint="The work stays the same. Which of the three numbers depends on how many share it?",
)
def gpus(rng: Generator) -> list[Trial]:
    return GPUS


@train_time.case("GPT-3, LLaMA 65B, LLaMA 3.1 405B", judge=_judge(RUNS))
def runs(rng: Generator) -> list[Trial]:
    return RUNS


@train_time.case("all of the peak, and next to nothing of it", 0.5, judge=_judge(WHOLE))
def whole(rng: Generator) -> list[Trial]:
    return WHOLE


@train_time.case("what cannot be", hint="40 is no share of anything: 40 per cent are 0.4.")
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@train_time.case("a hidden run", hidden=True, judge=_judge())
def hidden(rng: Generator) -> list[Trial]:
    [gpus] = randint(3, 2000, (1,), generator=rng).tolist()
    work, peak, share = rand(3, generator=rng).double().tolist()
    return [ask(10 ** (19 + 4 * work), gpus, 1e14 * (1 + 8 * peak), 0.1 + 0.7 * share)]


@train_time.house_rules(0.5, judge=_judge())
def typical(rng: Generator) -> Trial:
    return ask(2.5e22, 48, 989e12, 0.35)


def checked(gpus, utilisation):
    if gpus <= 0 or utilisation <= 0 or utilisation > 1:
        raise ValueError("no")


@train_time.variant
def from_days(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, utilisation)
    days = flops / (gpus * peak * utilisation * 3600 * 24)
    return days, days * 24 * gpus, flops / 8.64e19


@train_time.variant
def step_by_step(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, utilisation)
    seconds = flops / (gpus * peak * utilisation)
    hours = seconds / 60 / 60
    return (hours / 24, hours * gpus, flops / 1e15 / 60 / 60 / 24)


@train_time.variant
def gpu_hours_first(flops, gpus, peak=312e12, utilisation=0.4):
    checked(gpus, utilisation)
    gpu_hours = flops / peak / utilisation / 3600
    return gpu_hours / 24 / gpus, gpu_hours, flops / (24 * 3.6e18)
