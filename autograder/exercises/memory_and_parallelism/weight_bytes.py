"""weight_bytes: what it takes to store a model."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.times_off import TimesOff
from autograder.trial import Trial, ask
from gradus.memory import weights as reference

weight_bytes = Exercise(reference.weight_bytes)

BY_HAND = ask(7, "fp16")
EVERY = [ask(1000, dtype) for dtype in ("fp32", "fp16", "bf16", "int8", "fp8")]
TF32 = [ask(1000, "tf32"), ask(3, "tf32")]
INT4 = [ask(count, "int4") for count in (10, 7, 1)]
LLAMA = [ask(6_738_415_616, dtype) for dtype in ("fp32", "bf16", "int8", "int4")]
NONE = [ask(0, "fp32"), ask(0, "int4")]
REFUSED = [ask(10, "fp12"), ask(10, "float"), ask(10, "")]


@weight_bytes.case("7 numbers in fp16, by hand", 0.5, judge=TimesOff([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, 14)


@weight_bytes.case("every dtype", judge=TimesOff(EVERY))
def every(rng: Generator) -> list[Trial]:
    return EVERY


@weight_bytes.case(
    "a dtype that is stored wider than it is multiplied", 0.5, judge=TimesOff(TF32),
    hint="tf32 is a way to multiply. In memory, its numbers are those of another dtype.",
)  # fmt: skip
def tf32(rng: Generator) -> list[Trial]:
    return TF32


@weight_bytes.case("two numbers in a byte", judge=TimesOff(INT4))
def int4(rng: Generator) -> list[Trial]:
    return INT4


@weight_bytes.case("the weights of LLaMA 7B", 0.5, judge=TimesOff(LLAMA))
def llama(rng: Generator) -> list[Trial]:
    return LLAMA


@weight_bytes.case("nothing to store", 0.25, judge=TimesOff(NONE))
def nothing(rng: Generator) -> list[Trial]:
    return NONE


@weight_bytes.case("dtypes that do not exist are refused", 0.5, judge=TimesOff(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@weight_bytes.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    params = [int(p) for p in 2 * randint(50, 5000, (4,), generator=rng) + 1]
    kinds = ("fp32", "bf16", "int8", "int4")
    return [ask(p, dtype) for p, dtype in zip(params, kinds, strict=True)]


@weight_bytes.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(11, "bf16")


@weight_bytes.variant
def by_the_name(params, dtype):
    if dtype not in ("fp32", "tf32", "fp16", "bf16", "fp8", "int8", "int4"):
        raise ValueError(f"what is {dtype}?")
    bits = int("".join(letter for letter in dtype if letter.isdigit()))
    return -(-params * bits // 8)


@weight_bytes.variant
def by_cases(params, dtype):
    if dtype in ("fp32", "tf32"):
        return 4 * params
    if dtype in ("fp16", "bf16"):
        return 2 * params
    if dtype in ("fp8", "int8"):
        return params
    if dtype == "int4":
        return params // 2 + params % 2
    raise ValueError("no such dtype")


@weight_bytes.variant
def as_a_floating_number(params, dtype):
    sizes = {"fp32": 4, "tf32": 4, "fp16": 2, "bf16": 2, "fp8": 1, "int8": 1, "int4": 0.5}
    try:
        size = sizes[dtype]
    except KeyError:
        raise ValueError(dtype) from None
    return float(round(params * size + 0.1))
