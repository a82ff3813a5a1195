"""top_k_filter: the k likeliest tokens stay."""

import torch
from torch import Generator, full_like, randint, randn, tensor, zeros_like

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.judges import Kept
from autograder.exercises.sampling.kept import INF, ranked
from autograder.trial import Trial, ask
from gradus import filters

top_k_filter = Exercise(filters.top_k_filter)


@top_k_filter.case("two of four, by hand", 0.5, judge=Kept())
def by_hand(rng: Generator) -> ByHand:
    kept = tensor([[-INF, 3.0, -INF, 2.0]])
    return ByHand(ask(tensor([[1.0, 3, -4, 2]]), 2), kept)


@top_k_filter.case("each row by itself", 1.5, judge=Kept())
def rows(rng: Generator) -> list[Trial]:
    logits = 2 * randn(3, 7, generator=rng)
    return [ask(logits, k) for k in (3, 5)]


@top_k_filter.case(
    "equally likely tokens",
    1,
    judge=Kept(),
    hint="Exactly k tokens stay; of equally likely ones, those with the lower ids.",
)
def ties(rng: Generator) -> list[Trial]:
    logits = tensor([[1.0, 4, 1, 1, 1], [2, 2, 2, 2, 2], [0, 3, 3, 3, 5]])
    return [ask(logits, 2), ask(logits, 3)]


@top_k_filter.case("one token, all tokens, and more than there are", 1, judge=Kept())
def ends(rng: Generator) -> list[Trial]:
    logits = randn(2, 6, generator=rng)
    return [ask(logits, k) for k in (1, 6, 7, 50)]


@top_k_filter.case("tokens that were ruled out before, and large logits", 0.5, judge=Kept())
def ruled_out(rng: Generator) -> list[Trial]:
    logits = tensor([[-INF, 1e4, -INF, -1e4, 3], [-5, -INF, -7, -INF, -6]])
    return [ask(logits, k) for k in (2, 4)]


@top_k_filter.case("no token at all", 0.5, judge=Kept())
def none(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 4, generator=rng), k) for k in (0, -1)]


@top_k_filter.case("hidden logits", 0.5, hidden=True, judge=Kept())
def hidden(rng: Generator) -> list[Trial]:
    k = int(randint(2, 7, (), generator=rng))
    return [ask(3 * randn(4, 9, generator=rng), k), ask(-randn(2, 8, generator=rng).abs(), k)]


@top_k_filter.house_rules(0.5, judge=Kept())
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng), 4)


@top_k_filter.variant
def what_stays_is_written(logits, k):
    if k <= 0:
        raise ValueError(f"k = {k}")
    best = logits.sort(dim=-1, descending=True, stable=True).indices[:, :k]
    return full_like(logits, -INF).scatter(-1, best, logits.gather(-1, best))


@top_k_filter.variant
def by_ranks(logits, k):
    if k < 1:
        raise ValueError("nothing would be left")
    rank = ranked(logits).argsort(dim=-1)
    return torch.where(rank < k, logits, -INF)


@top_k_filter.variant
def row_by_row(logits, k):
    if not k > 0:
        raise ValueError(k)
    stays = zeros_like(logits, dtype=torch.bool)
    for i, row in enumerate(logits.tolist()) if not logits.is_meta else ():
        for token in sorted(range(len(row)), key=lambda token: -row[token])[:k]:
            stays[i, token] = True
    return logits.masked_fill(~stays, -INF)
