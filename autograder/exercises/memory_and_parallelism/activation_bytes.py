"""activation_bytes: what the forward pass keeps for the backward pass."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.times_off import TimesOff
from autograder.trial import Trial, ask
from gradus.memory import activations as reference

activation_bytes = Exercise(reference.activation_bytes)

# In order: batch, seq, d_model, heads, layers.
BY_HAND = ask(1, 2, 4, 1, 1)
SIZES = [ask(3, 5, 14, 7, 2), ask(2, 11, 12, 3, 4), ask(7, 4, 10, 2, 3)]
LONG = [ask(1, seq, 64, 4, 1) for seq in (16, 256, 4096)]
LESS = [ask(3, 5, 14, 7, 2, how) for how in ("selective", "full")]
LESS += [ask(2, 64, 12, 3, 4, how) for how in ("selective", "full")]
VOCAB = [ask(3, 5, 14, 7, 2, how, vocab=50) for how in ("none", "selective", "full")]
SHARED = [ask(3, 5, 24, 12, 2, how, ranks=4) for how in ("none", "selective", "full")]
SEQUENCE = [
    ask(3, 5, 24, 12, 2, how, ranks=4, sequence_parallel=True)
    for how in ("none", "selective", "full")
]
ALL = [
    ask(3, 5, 24, 12, 2, "none", 60, 6),
    ask(3, 5, 24, 12, 2, "none", 60, 6, True),
    ask(3, 5, 24, 12, 2, "full", 60, 6, True),
]
REFUSED = [
    ask(2, 4, 12, 3, 1, "half"),
    ask(2, 4, 12, 5, 1),
    ask(2, 4, 12, 3, 1, ranks=2),
    ask(2, 4, 12, 3, 1, vocab=7, ranks=3),
]


@activation_bytes.case("one layer, two positions, by hand", 0.5, judge=TimesOff([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    # 34 * 2 * 1 * 4 = 272, and 5 * 1 * 4 * 1 = 20.
    return ByHand(BY_HAND, 292)


@activation_bytes.case("batch, heads and layers", judge=TimesOff(SIZES))
def sizes(rng: Generator) -> list[Trial]:
    return SIZES


@activation_bytes.case("texts that get longer", 0.5, judge=TimesOff(LONG))
def longer(rng: Generator) -> list[Trial]:
    return LONG


@activation_bytes.case("less is kept", judge=TimesOff(LESS))
def less(rng: Generator) -> list[Trial]:
    return LESS


@activation_bytes.case("the ends of the model", judge=TimesOff(VOCAB))
def vocab(rng: Generator) -> list[Trial]:
    return VOCAB


@activation_bytes.case("layers that are shared by 4 GPUs", judge=TimesOff(SHARED))
def shared(rng: Generator) -> list[Trial]:
    return SHARED


@activation_bytes.case("the rest shared as well", 0.5, judge=TimesOff(SEQUENCE))
def sequence(rng: Generator) -> list[Trial]:
    return SEQUENCE


@activation_bytes.case("everything at once", 0.5, judge=TimesOff(ALL))
def everything(rng: Generator) -> list[Trial]:
    return ALL


@activation_bytes.case("what does not share out is refused", 0.5, judge=TimesOff(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@activation_bytes.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    batch, seq, layers = (int(n) for n in randint(3, 9, (3,), generator=rng))
    return [
        ask(batch, seq, 30, 6, layers),
        ask(batch, seq, 30, 6, layers, "selective", 33, 3),
        ask(batch, seq, 30, 6, layers, "none", 33, 3, True),
        ask(batch, seq, 30, 6, layers, "full", 33, 3),
    ]


@activation_bytes.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(2, 7, 12, 3, 2)


@activation_bytes.variant
def part_by_part(
    batch, seq, d_model, heads, layers, recompute="none", vocab=0, ranks=1, sequence_parallel=False
):
    if recompute not in {"none", "selective", "full"}:
        raise ValueError(recompute)
    for size in (heads, vocab):
        if size % ranks:
            raise ValueError("cannot be shared")
    if d_model % heads:
        raise ValueError("heads")
    sbh = batch * seq * d_model
    outside = 10 * sbh / (ranks if sequence_parallel else 1)
    norms_and_dropouts, attention, feedforward = outside, 8 * sbh / ranks, 16 * sbh / ranks
    scores = 5 * heads * seq * seq * batch / ranks
    if recompute == "selective":
        scores = 0
    layer = norms_and_dropouts + attention + feedforward + scores
    total = layers * (2 * sbh if recompute == "full" else layer)
    if vocab:
        total += 5 * sbh / (ranks if sequence_parallel else 1)
        total += 4 * batch * seq * vocab / ranks
    return total


@activation_bytes.variant
def as_in_the_paper(
    batch, seq, d_model, heads, layers, recompute="none", vocab=0, ranks=1, sequence_parallel=False
):
    s, b, h, a, t = seq, batch, d_model, heads, ranks
    if a % t != 0 or h % a != 0 or vocab % t != 0:
        raise ValueError("does not divide")
    quadratic = 5 * a * s / h
    if recompute == "selective":
        quadratic = 0
    elif recompute not in ("none", "full"):
        raise ValueError("unknown")
    each = (34 + quadratic) / t if sequence_parallel else 10 + 24 / t + quadratic / t
    if recompute == "full":
        each = 2
    extra = (5 / t if sequence_parallel else 5) + 4 * vocab / h / t if vocab else 0
    return round(s * b * h * (layers * each + extra))


@activation_bytes.variant
def from_numbers_and_masks(
    batch, seq, d_model, heads, layers, recompute="none", vocab=0, ranks=1, sequence_parallel=False
):
    if d_model % heads or heads % ranks or vocab % ranks:
        raise ValueError("not even")
    tokens = batch * seq
    pairs = batch * heads * seq * seq // ranks
    match recompute:
        case "full":
            kept = 2 * tokens * d_model
        case "none" | "selective":
            # The halves are numbers of 2 bytes, the ones masks of 1 byte.
            between = (2 + 2 + 2 * 2 + 1 + 1) * tokens * d_model
            inside = (3 * 2 + 2 + 2 * 4 + 2 * 4) * tokens * d_model // ranks
            kept = inside + between // (ranks if sequence_parallel else 1)
            kept += 0 if recompute == "selective" else (2 + 1 + 2) * pairs
        case _:
            raise ValueError(recompute)
    total = 0
    for _ in range(layers):
        total += kept
    if vocab > 0:
        total += 5 * tokens * d_model // (ranks if sequence_parallel else 1)
        total += tokens * (vocab // ranks) * 4
    return total
