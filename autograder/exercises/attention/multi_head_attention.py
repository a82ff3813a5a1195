"""MultiHeadAttention: its cases. Its mistakes and variants are in files of their own."""

import math

import torch
from torch import Generator, eye, randint, randn, randperm, tensor, zeros
from torch.nn import functional as F

from autograder.compare import difference
from autograder.exercise import ByHand, Exercise
from autograder.exercises.attention.attend import attend
from autograder.exercises.attention.merge_heads import merge_heads
from autograder.exercises.attention.repeat_kv import repeat_kv
from autograder.exercises.attention.split_heads import split_heads
from autograder.judge import Close, Unmoved
from autograder.observation import Observation
from autograder.stand_ins import EmptyPast, Past
from autograder.trial import Trial, build
from autograder.words import Words
from gradus import attention

multi_head_attention = Exercise(
    attention.MultiHeadAttention,
    instead_of=[F.scaled_dot_product_attention, F.multi_head_attention_forward],
    uses=[attend, split_heads, merge_heads, repeat_kv],
)


def _weights(rng, d_model, heads, d_head, kv_heads, bias=True):
    """Random weights that keep queries, keys and values at unit scale."""
    sizes = {
        "query": (heads * d_head, d_model),
        "key": (kv_heads * d_head, d_model),
        "value": (kv_heads * d_head, d_model),
        "out": (d_model, heads * d_head),
    }
    state = {f"{n}.weight": randn(s, generator=rng) / s[1] ** 0.5 for n, s in sizes.items()}
    biases = {f"{n}.bias": randn(s[0], generator=rng) / 2 for n, s in sizes.items()}
    return state | biases if bias else state


def _causal(query, key):
    return torch.ones(query, key, dtype=torch.bool).tril(key - query)


class Filled(Close):
    """Looks at the output, then at what the cache holds afterwards."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report how many positions it holds, if not as many as it should."""
        (got, held), (expected, wanted) = one.outputs[-1], right.outputs[-1]
        if text := difference(got, expected, words):
            return text
        count, asked = (cache["keys"].shape[-2] for cache in (held, wanted))
        if count != asked:
            return f"Afterwards the cache should hold {asked} positions; it holds {count}."
        for name in ("keys", "values"):
            if text := difference(held[name], wanted[name], Words("")):
                return f"The {name} that the cache holds afterwards: {text}"
        return None


@multi_head_attention.case(
    "two heads of width 1, by hand",
    hint="Position 0 is zero, so it reads both positions alike in each head.",
)
def by_hand(rng: Generator) -> ByHand:
    # Position 1 asks for itself: with scores ln 3 against 0 in head 0, and ln 7 in head 1.
    a, b = math.log(3) ** 0.5, math.log(7) ** 0.5
    weights = {f"{n}.weight": eye(2) for n in ("query", "key", "out")}
    weights["value.weight"] = tensor([[4 / a, 0], [0, 8 / b]])
    state = weights | {f"{n}.bias": zeros(2) for n in ("query", "key", "value", "out")}
    x = tensor([[[0.0, 0], [a, b]]])
    return ByHand(build(2, 2).load(state).call(x), tensor([[[2.0, 4], [3, 7]]]))


@multi_head_attention.case(
    "each head minds its own slice",
    judge=Unmoved(
        "Only head 1's queries were changed, so heads 0 and 2 must give what they gave.",
        lambda output: output[..., [0, 1, 4, 5]],
    ),
    hint="Here `out` changes nothing, so d_model 0 and 1 are head 0, 2 and 3 head 1, and so on.",
)
def own_slice(rng: Generator) -> list[Trial]:
    state = _weights(rng, 6, 3, 2, 3) | {"out.weight": eye(6)}
    other = state["query.weight"].clone()
    other[2:4] += 2
    x = randn(2, 4, 6, generator=rng)
    return [build(6, 3).load(s).call(x) for s in (state, state | {"query.weight": other})]


@multi_head_attention.case("a causal mask, and no biases")
def without_bias(rng: Generator) -> Trial:
    trial = build(6, 3, bias=False).load(_weights(rng, 6, 3, 2, 3, bias=False))
    return trial.call(randn(2, 5, 6, generator=rng), mask=_causal(5, 5))


@multi_head_attention.case("heads of another width, fewer of them for keys and values", 2)
def grouped(rng: Generator) -> Trial:
    trial = build(6, 4, d_head=5, kv_heads=2).load(_weights(rng, 6, 4, 5, 2))
    return trial.call(randn(2, 3, 6, generator=rng))


@multi_head_attention.case(
    "two new tokens with a cache",
    hint="cache.update takes the new keys and values and returns those of all positions.",
)
def with_cache(rng: Generator) -> Trial:
    past = Past(randn(2, 2, 3, 2, generator=rng), randn(2, 2, 3, 2, generator=rng))
    trial = build(8, 4, kv_heads=2).load(_weights(rng, 8, 4, 2, 2))
    return trial.call(randn(2, 2, 8, generator=rng), cache=past)


@multi_head_attention.case(
    "a cache that is still empty is filled",
    judge=Filled(),
    hint="A cache that holds nothing has the length 0. What is `bool` of it?",
)
def empty_cache(rng: Generator) -> Trial:
    cache = EmptyPast(zeros(2, 2, 0, 2), zeros(2, 2, 0, 2))
    trial = build(8, 4, kv_heads=2).load(_weights(rng, 8, 4, 2, 2))
    return trial.call(randn(2, 3, 8, generator=rng), cache=cache)


@multi_head_attention.case("sizes that do not divide", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return [build(7, 3), build(8, 4, kv_heads=3)]


@multi_head_attention.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    d_head, batch, query, key = randint(2, 5, (4,), generator=rng).tolist()
    kv_heads, groups, _ = (2 + randperm(3, generator=rng)).tolist()  # never the same
    heads, d_model = kv_heads * groups, 2 * d_head + 1
    trial = build(d_model, heads, d_head, kv_heads)
    trial = trial.load(_weights(rng, d_model, heads, d_head, kv_heads))
    x, memory = (randn(batch, n, d_model, generator=rng) for n in (query, query + key))
    return trial.call(x, memory, _causal(query, query + key)).with_gradients()


@multi_head_attention.house_rules()
def typical(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 1, 1, 1, 0, 0], [0, 1, 1, 1, 0, 1, 1]]).bool()
    x, memory = randn(2, 4, 6, generator=rng), randn(2, 7, 6, generator=rng)
    trial = build(6, 3).load(_weights(rng, 6, 3, 2, 3))
    return trial.call(x, memory, mask=padding[:, None, None, :])
