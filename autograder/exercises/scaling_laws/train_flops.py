"""train_flops: the work of training, in floating-point operations."""

from torch import Generator, rand

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import compute

train_flops = Exercise(compute.train_flops)

BY_HAND = ask(10, 7)
MODELS = [ask(175e9, 300e9), ask(70e9, 1.4e12), ask(1, 1)]
EPOCHS = [ask(1e9, 2e9, 4.0), ask(50.6e9, 709e9, 0.8), ask(1e9, 2e9, 1.0)]
SHAPED = [
    ask(124e6, 1e9, 1.0, 12, 768, 1024),
    ask(1e6, 1e6, 1.0, 3, 50, 700),
    ask(1e6, 1e6, 1.0, 3, 50, 7),
    ask(1e6, 1e6, 2.0, 3, 50, 700),
]
NO_SHAPE = [ask(5e6, 3e6, 1.0, 0, 64, 128), ask(5e6, 3e6, 1.0, 4, 64, 0)]


def _judge(trials=()):
    return Numbers(["FLOPs"], trials)


@train_flops.case("10 parameters, 7 tokens, by hand", 0.5, judge=_judge([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, 420)


@train_flops.case("GPT-3, Chinchilla, and one parameter", judge=_judge(MODELS))
def models(rng: Generator) -> list[Trial]:
    return MODELS


@train_flops.case(
    "data that is read several times, or not to its end",
    judge=_judge(EPOCHS),
    hint="A token that is read again is as much work as the first time.",
)
def epochs(rng: Generator) -> list[Trial]:
    return EPOCHS


@train_flops.case(
    "with the work of attention",
    2,
    judge=_judge(SHAPED),
    hint="Two products (comparing, mixing), 2 FLOPs for each number, forward; and the way back.",
)
def shaped(rng: Generator) -> list[Trial]:
    return SHAPED


@train_flops.case("no layers, or nothing to look back at", 0.5, judge=_judge(NO_SHAPE))
def no_shape(rng: Generator) -> list[Trial]:
    return NO_SHAPE


@train_flops.case("hidden models", hidden=True, judge=_judge())
def hidden(rng: Generator) -> list[Trial]:
    size, length, epochs = (10 ** rand(3, generator=rng).double()).tolist()
    return [
        ask(size * 1e8, length * 1e10, epochs, 7, 320, 900),
        ask(size * 1e3, length * 1e5, 1 + epochs, 5, 48, 4000),
        ask(size * 1e9, length * 1e9, 1 + epochs),
    ]


@train_flops.house_rules(0.5, judge=_judge())
def typical(rng: Generator) -> Trial:
    return ask(3e6, 5e7, 2.0, 4, 96, 512)


@train_flops.variant
def forward_and_back(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    forward = 2 * params + layers * (2 * seq * d_model + 2 * seq * d_model)
    backward = 2 * forward
    return (forward + backward) * tokens * epochs


@train_flops.variant
def six_and_twelve(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    read = tokens * epochs
    return 6.0 * params * read + 12.0 * layers * d_model * seq * read


@train_flops.variant
def only_where_there_is_a_shape(params, tokens, epochs=1.0, layers=0, d_model=0, seq=0):
    for_one_token = 6 * params
    if layers and d_model and seq:
        for_one_token += 12 * layers * d_model * seq
    return for_one_token * (tokens * epochs)
