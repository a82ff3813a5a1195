"""cross_attention: a decoder's positions read an encoder's output.

Its mistakes and variants are in cross_attention_mistakes.py.
"""

import torch
from torch import Generator, eye, randint, randn, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.stand_ins import AttentionLayer
from autograder.trial import Trial, ask
from gradus import attention

cross_attention = Exercise(attention.cross_attention)

NAMES = ("query", "key", "value", "out")


def _layer(rng, d_model=6, heads=3):
    """An attention layer whose weights keep queries, keys and values at unit scale."""
    weights = {f"{n}.weight": randn(d_model, d_model, generator=rng) / d_model**0.5 for n in NAMES}
    biases = {f"{n}.bias": randn(d_model, generator=rng) / 2 for n in NAMES}
    return AttentionLayer(heads, weights | biases)


@cross_attention.case(
    "the mean of what is real, by hand",
    hint="The query is 0 here, so all positions that may be read count alike.",
)
def by_hand(rng: Generator) -> ByHand:
    state = {f"{n}.weight": eye(2) for n in NAMES} | {f"{n}.bias": zeros(2) for n in NAMES}
    layer = AttentionLayer(1, state | {"query.weight": zeros(2, 2)})
    memory = tensor([[[2.0, 0], [4, 6], [90, 90]]])
    padding = tensor([[True, True, False]])
    return ByHand(ask(layer, tensor([[[5.0, 7]]]), memory, padding), tensor([[[3.0, 3]]]))


@cross_attention.case(
    "padding of memory has no say",
    2,
    judge=Unmoved(
        "Position 2 of text 0's memory is padding, so changing it must not change text 0's output.",
        lambda output: output[0],
    ),
)
def padding_unread(rng: Generator) -> list[Trial]:
    # As many texts, heads and positions: a mask on the wrong axis still has a shape that fits.
    layer, x, memory = _layer(rng), randn(3, 3, 6, generator=rng), randn(3, 3, 6, generator=rng)
    padding = tensor([[1, 1, 0], [0, 1, 1], [1, 0, 0]]).bool()
    other = memory.clone()
    other[0, 2] += 5
    return [ask(layer, x, memory, padding), ask(layer, x, other, padding)]


@cross_attention.case("a memory without padding")
def without_padding(rng: Generator) -> Trial:
    return ask(_layer(rng), randn(2, 4, 6, generator=rng), randn(2, 5, 6, generator=rng))


@cross_attention.case("a memory shorter than x")
def short_memory(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 0], [0, 0, 1]]).bool()
    layer, x, memory = _layer(rng), randn(2, 5, 6, generator=rng), randn(2, 3, 6, generator=rng)
    return ask(layer, x, memory, padding)


@cross_attention.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, query, key = randint(2, 6, (3,), generator=rng).tolist()
    key += query
    padding = torch.rand(batch, key, generator=rng) < 0.6
    padding[:, -1] = True
    x, memory = randn(batch, query, 6, generator=rng), randn(batch, key, 6, generator=rng)
    return ask(_layer(rng), x, memory, padding)


@cross_attention.house_rules()
def typical(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 1, 1, 1, 0, 0], [0, 1, 1, 1, 0, 1, 0]]).bool()
    layer, x, memory = _layer(rng), randn(2, 4, 6, generator=rng), randn(2, 7, 6, generator=rng)
    return ask(layer, x, memory, padding)
