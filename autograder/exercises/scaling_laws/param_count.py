"""param_count: the size of a transformer from its shape."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import size

param_count = Exercise(size.param_count)

# vocab, d_model, layers, heads, d_ff
GPT2 = (50257, 768, 12, 12, 3072)
SMALL = (31, 12, 3, 6, 20)
BY_HAND = ask(10, 4, 1, 2, 8)
PUBLISHED = [
    ask(*GPT2, positions=1024),
    ask(32000, 4096, 32, 32, 11008, gated=True, bias=False, tied=False),
]
PLAIN = [ask(*SMALL), ask(7, 6, 5, 3, 24), ask(31, 12, 0, 6, 20)]
BIAS = [ask(*SMALL, bias=False), ask(7, 6, 5, 3, 24, bias=False)]
TABLES = [ask(*SMALL, positions=17), ask(*SMALL, tied=False), ask(*SMALL, positions=9, tied=False)]
GATED = [ask(*SMALL, gated=True, bias=False), ask(*SMALL, gated=True)]
FEWER = [
    ask(*SMALL, kv_heads=2, bias=False),
    ask(*SMALL, kv_heads=3),
    ask(*SMALL, kv_heads=1),
    ask(*SMALL, kv_heads=6),
]
CROSS = [ask(*SMALL, cross=True, bias=False), ask(*SMALL, cross=True, kv_heads=2)]
WITHOUT = [
    ask(*SMALL, embeddings=False),
    ask(*SMALL, embeddings=False, tied=False),
    ask(*SMALL, embeddings=False, positions=17),
]
REFUSED = [ask(31, 14, 3, 6, 20), ask(*SMALL, kv_heads=4)]


def _judge(trials=()):
    return Numbers(["parameters"], trials, (1e-12,))


@param_count.case(
    "one block of width 4, by hand",
    0.5,
    judge=_judge([BY_HAND]),
    hint="Add up: table, then per block attention, feed-forward network, two norms; then one norm.",
)
def by_hand(rng: Generator) -> ByHand:
    # 10·4 + 4·(4·4 + 4) + (4·8 + 8) + (8·4 + 4) + 2·(4 + 4) + (4 + 4)
    return ByHand(BY_HAND, 220)


@param_count.case("other shapes, with biases", judge=_judge(PLAIN))
def plain(rng: Generator) -> list[Trial]:
    return PLAIN


@param_count.case(
    "GPT-2 and LLaMA 7B",
    judge=_judge(PUBLISHED),
    hint="GPT-2: 124,439,808. LLaMA 7B: 6,738,415,616.",
)
def published(rng: Generator) -> list[Trial]:
    return PUBLISHED


@param_count.case("no biases", judge=_judge(BIAS), hint="A norm keeps its scale.")
def no_bias(rng: Generator) -> list[Trial]:
    return BIAS


@param_count.case("positions, and scores with a matrix of their own", judge=_judge(TABLES))
def tables(rng: Generator) -> list[Trial]:
    return TABLES


@param_count.case(
    "gated", judge=_judge(GATED), hint="Two matrices lead into the middle, one leads out of it."
)
def gated(rng: Generator) -> list[Trial]:
    return GATED


@param_count.case(
    "fewer heads of keys and values",
    judge=_judge(FEWER),
    hint="A head stays as wide as it is. Which of the four projections become narrower?",
)
def fewer(rng: Generator) -> list[Trial]:
    return FEWER


@param_count.case("with cross-attention", judge=_judge(CROSS))
def with_cross(rng: Generator) -> list[Trial]:
    return CROSS


@param_count.case("without embeddings", judge=_judge(WITHOUT))
def without(rng: Generator) -> list[Trial]:
    return WITHOUT


@param_count.case("shapes that do not fit", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@param_count.case("hidden shapes", hidden=True, judge=_judge())
def hidden(rng: Generator) -> list[Trial]:
    a, b, c = randint(3, 9, (3,), generator=rng).tolist()
    shape = (40 + a, 8 * b, 2 + c, 8, 3 * b + 5)
    return [
        ask(*shape, kv_heads=2, positions=30 + c),
        ask(*shape, kv_heads=4, gated=True, bias=False, tied=False),
        ask(*shape, cross=True, positions=10),
        ask(*shape, gated=True, positions=11, tied=False, embeddings=False),
    ]


@param_count.house_rules(0.5, judge=_judge())
def typical(rng: Generator) -> Trial:
    return ask(*SMALL, kv_heads=2, gated=True, positions=5)


@param_count.variant
def part_by_part(
    vocab, d_model, layers, heads, d_ff, *,
    kv_heads=None, gated=False, bias=True, positions=0, tied=True, cross=False, embeddings=True,
):  # fmt: skip
    if d_model % heads:
        raise ValueError("the heads do not divide the width")
    if kv_heads is None:
        kv_heads = heads
    if heads % kv_heads != 0:
        raise ValueError("the heads of keys do not divide the heads")
    total = 0
    if embeddings:
        total += vocab * d_model
        total += positions * d_model
        if not tied:
            total += vocab * d_model
    d_head = d_model // heads

    def linear(rows, columns):
        return rows * columns + (rows if bias else 0)

    norm = 2 * d_model if bias else d_model
    for _ in range(layers):
        for _ in range(2 if cross else 1):
            total += norm + linear(d_model, d_model) + linear(d_model, d_model)
            total += 2 * linear(kv_heads * d_head, d_model)
        total += norm + linear(d_ff, d_model) + linear(d_model, d_ff)
        if gated:
            total += linear(d_ff, d_model)
    return total + norm


@param_count.variant
def as_a_polynomial(
    vocab, d_model, layers, heads, d_ff, *,
    kv_heads=None, gated=False, bias=True, positions=0, tied=True, cross=False, embeddings=True,
):  # fmt: skip
    group = heads // (kv_heads or heads)
    if group * (kv_heads or heads) != heads or d_model % heads:
        raise ValueError
    d, k, one = d_model, d_model // group, int(bias)
    attention = 2 * d * (d + k) + one * 2 * (d + k) + d + one * d
    network = (2 + gated) * d * d_ff + one * ((1 + gated) * d_ff + d) + d + one * d
    tables = ((2 - tied) * vocab + positions) * d * embeddings
    return layers * ((1 + cross) * attention + network) + d + one * d + tables
