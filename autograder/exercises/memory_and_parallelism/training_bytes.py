"""training_bytes: weights, gradients and optimizer while a model is trained."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.times_off import TimesOff
from autograder.trial import Trial, ask
from gradus.memory import training as reference

training_bytes = Exercise(reference.training_bytes)

BY_HAND = ask(10, "fp32", "adam")
MIXED = [ask(1000), ask(7, "mixed", "adam")]
RECIPES = [ask(1000, recipe, "adam") for recipe in ("fp32", "autocast", "bf16")]
OPTIMIZERS = [
    ask(1000, recipe, optimizer)
    for recipe in ("fp32", "mixed", "bf16")
    for optimizer in ("momentum", "sgd")
]
FROZEN = [
    ask(1000, "mixed", "adam", 30),
    ask(1000, "fp32", "adam", 30),
    ask(1000, "autocast", "momentum", 7),
    ask(1000, "bf16", "sgd", 7),
]
ENDS = [ask(1000, "mixed", "adam", 1000), ask(1000, "mixed", "adam", 0), ask(0)]
REFUSED = [ask(10, "fp8"), ask(10, "mixed", "adafactor"), ask(10, "mixed", "adam", 11)]


@training_bytes.case("10 parameters in fp32 with Adam, by hand", 0.5, judge=TimesOff([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    # Weights 40, gradients 40, two states of 40 each.
    return ByHand(BY_HAND, 160)


@training_bytes.case("mixed precision", judge=TimesOff(MIXED))
def mixed(rng: Generator) -> list[Trial]:
    return MIXED


@training_bytes.case("the other recipes", judge=TimesOff(RECIPES))
def recipes(rng: Generator) -> list[Trial]:
    return RECIPES


@training_bytes.case("optimizers with fewer states", judge=TimesOff(OPTIMIZERS))
def optimizers(rng: Generator) -> list[Trial]:
    return OPTIMIZERS


@training_bytes.case("most parameters are frozen", judge=TimesOff(FROZEN))
def frozen(rng: Generator) -> list[Trial]:
    return FROZEN


@training_bytes.case("all are trained, and none", 0.5, judge=TimesOff(ENDS))
def ends(rng: Generator) -> list[Trial]:
    return ENDS


@training_bytes.case("what does not exist is refused", 0.5, judge=TimesOff(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@training_bytes.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    params = [int(p) for p in randint(500, 5000, (4,), generator=rng)]
    return [
        ask(params[0], "fp32", "momentum"),
        ask(params[1], "mixed", "adam", 100),
        ask(params[2], "autocast", "sgd", 90),
        ask(params[3], "bf16", "adam", 80),
    ]


@training_bytes.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(11, "mixed", "adam", 5)


@training_bytes.variant
def part_by_part(params, recipe="mixed", optimizer="adam", trained=None):
    if trained is None:
        trained = params
    if not trained <= params:
        raise ValueError("more than there are")
    half = {"fp32": False, "mixed": True, "autocast": False, "bf16": True}
    if recipe not in half or optimizer not in ("adam", "momentum", "sgd"):
        raise ValueError("unknown")
    weights = params * (2 if half[recipe] else 4)
    gradients = trained * (2 if half[recipe] else 4)
    copy = trained * {"mixed": 4, "autocast": 2}.get(recipe, 0)
    states = trained * (2 if recipe == "bf16" else 4)
    number = 2 if optimizer == "adam" else int(optimizer == "momentum")
    return weights + gradients + copy + states * number


@training_bytes.variant
def by_a_table_of_sums(params, recipe="mixed", optimizer="adam", trained=None):
    sums = {
        ("fp32", "adam"): 12, ("fp32", "momentum"): 8, ("fp32", "sgd"): 4,
        ("mixed", "adam"): 14, ("mixed", "momentum"): 10, ("mixed", "sgd"): 6,
        ("autocast", "adam"): 14, ("autocast", "momentum"): 10, ("autocast", "sgd"): 6,
        ("bf16", "adam"): 6, ("bf16", "momentum"): 4, ("bf16", "sgd"): 2,
    }  # fmt: skip
    if (recipe, optimizer) not in sums:
        raise ValueError(recipe, optimizer)
    if trained is not None and trained > params:
        raise ValueError(trained)
    moved = params if trained is None else trained
    return float(
        sums[recipe, optimizer] * moved
        + (4 if "f" in recipe[0] or recipe == "autocast" else 2) * params
    )


@training_bytes.variant
def frozen_and_trained(params, recipe="mixed", optimizer="adam", trained=None):
    tables = {"fp32": (4, 4, 0), "mixed": (2, 2, 4), "autocast": (4, 4, 2), "bf16": (2, 2, 0)}
    try:
        weight, gradient, copy = tables[recipe]
        number = {"sgd": 0, "momentum": 1, "adam": 2}[optimizer]
    except KeyError as error:
        raise ValueError(str(error)) from None
    frozen_ones = 0 if trained is None else params - trained
    if frozen_ones < 0:
        raise ValueError("not so many")
    state = 2 if recipe == "bf16" else 4
    each = weight + gradient + copy + number * state
    return frozen_ones * weight + (params - frozen_ones) * each
