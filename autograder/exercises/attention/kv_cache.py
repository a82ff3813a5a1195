"""KVCache: keys and values of all that was read. Mistakes and variants have files of their own."""

import torch
from torch import Generator, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, build
from gradus import cache

kv_cache = Exercise(cache.KVCache, returns=("the keys", "the values"))


def _new(rng, positions, batch=2):
    """Keys and values of new positions; no size is one that a number of positions could be."""
    return (
        randn(batch, 3, positions, 14, generator=rng),
        randn(batch, 3, positions, 15, generator=rng),
    )


@kv_cache.case("a token after two others, by hand")
def by_hand(rng: Generator) -> ByHand:
    keys, values = tensor([[[[1.0, 2], [3, 4]]]]), tensor([[[[10.0], [20]]]])
    trial = build().then("update", keys, values)
    trial = trial.then("update", tensor([[[[5.0, 6]]]]), tensor([[[[30.0]]]]))
    return ByHand(trial, (tensor([[[[1.0, 2], [3, 4], [5, 6]]]]), tensor([[[[10.0], [20], [30]]]])))


@kv_cache.case(
    "a prompt, then piece by piece", 2, hint="Oldest position first, none lost or doubled."
)
def piece_by_piece(rng: Generator) -> Trial:
    trial = build().then("update", *_new(rng, 5)).then("update", *_new(rng, 1))
    return trial.then("update", *_new(rng, 2)).then("update", *_new(rng, 1))


@kv_cache.case("how many positions it holds")
def length(rng: Generator) -> Trial:
    trial = build().then("len").then("update", *_new(rng, 5)).then("len")
    return trial.then("update", *_new(rng, 1)).then("len")


@kv_cache.case("another text after a reset", hint="Nothing of the first text may be left.")
def reset(rng: Generator) -> Trial:
    trial = build().then("update", *_new(rng, 5)).then("reset").then("len")
    return trial.then("update", *_new(rng, 2, batch=1)).then("update", *_new(rng, 1, batch=1))


@kv_cache.case("two caches", hint="The second cache is new; it must not know what the first read.")
def two_caches(rng: Generator) -> Trial:
    return build().then("update", *_new(rng, 4)).then("len").times(2)


@kv_cache.case("hidden lengths", hidden=True)
def lengths(rng: Generator) -> Trial:
    trial = build()
    for positions in randint(2, 5, (3,), generator=rng).tolist():
        trial = trial.then("update", *_new(rng, positions))
    return trial.then("len")


@kv_cache.house_rules()
def typical(rng: Generator) -> Trial:
    return build().then("update", *_new(rng, 5))


def append(old, new, dim=-2):
    """Old and new positions together; for mistakes, along another axis than the positions'."""
    return new if old is None else torch.cat([old, new], dim=dim)
