"""perplexity: among how many equally likely tokens a model is torn."""

import torch
from torch import Generator, eye, full, rand, randint, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import ngram

perplexity = Exercise(ngram.perplexity)


def given_probs(probs, ids, order=lambda token, following: (token, following)):
    """The probability of each token after the one before it, in the shape (texts, seq - 1)."""
    if not ids.is_meta and not ((ids >= 0) & (ids < len(probs))).all():
        raise ValueError("no such token")
    if ids.shape[-1] < 2 or not ids.numel():
        raise ValueError("nothing to predict")
    return probs[order(ids[..., :-1], ids[..., 1:])]


@perplexity.case("three tokens, by hand")
def by_hand(rng: Generator) -> ByHand:
    table = tensor([[0.5, 0.5], [0.125, 0.875]]).double()
    return ByHand(ask(table, tensor([0, 1, 0])), 4.0)


@perplexity.case("knowing nothing of 7 tokens is a perplexity of 7")
def uniform(rng: Generator) -> ByHand:
    return ByHand(ask(full((7, 7), 1 / 7).double(), tensor([3, 1, 4, 1, 5, 2, 6, 5])), 7.0)


@perplexity.case("several texts, each by itself", 2)
def texts(rng: Generator) -> list[Trial]:
    table = rand(5, 5, generator=rng).double() + 0.02
    table = table / table.sum(-1, keepdim=True)
    return [ask(table, randint(5, shape, generator=rng)) for shape in ((9,), (3, 4), (2, 3, 5))]


@perplexity.case(
    "a text of 600 tokens",
    hint="If you get inf or 0: what is 0.1 to the power of 600 as a float? And its logarithm?",
)
def long_text(rng: Generator) -> Trial:
    table = rand(20, 20, generator=rng).double() + 0.02
    table = table / table.sum(-1, keepdim=True)
    return ask(table, randint(20, (600,), generator=rng))


@perplexity.case("a token that was held impossible")
def impossible(rng: Generator) -> Trial:
    table = tensor([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.2, 0.8, 0.0]]).double()
    return ask(table, tensor([[0, 1, 2, 1, 0], [1, 2, 2, 1, 0]]))


@perplexity.case("texts with nothing to predict, and ids without a row, are refused")
def refused(rng: Generator) -> list[Trial]:
    table = full((3, 3), 1 / 3)
    return [
        ask(table, tensor([2])),
        ask(table, zeros(0, dtype=torch.int64)),
        ask(table, tensor([0, -1])),
        ask(table, tensor([0, 3])),
    ]


@perplexity.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> Trial:
    table = rand(6, 6, generator=rng).double() + 0.02
    table = table / table.sum(-1, keepdim=True)
    return ask(table, randint(6, (3, 11), generator=rng))


@perplexity.house_rules()
def typical(rng: Generator) -> Trial:
    table = rand(4, 4, generator=rng).double() + 0.1
    return ask(table / table.sum(-1, keepdim=True), randint(4, (2, 6), generator=rng))


@perplexity.variant
def in_bits(probs, ids):
    bits = -torch.log2(given_probs(probs, ids)).reshape(-1)
    return float(2 ** (bits.sum() / len(bits)))


@perplexity.variant
def text_by_text(probs, ids):
    if ids.numel() == 0 or ids.size(-1) == 1:
        raise ValueError("too short")
    if ids.min() < 0 or ids.max() >= probs.size(0):
        raise ValueError("no such token")
    losses = []
    for text in ids.reshape(-1, ids.size(-1)):
        for last, token in zip(text[:-1], text[1:], strict=True):
            losses.append(-probs[last, token].log())
    return torch.stack(losses).mean().exp()


@perplexity.variant
def with_gather(probs, ids):
    given_probs(probs, ids)
    rows = probs[ids[..., :-1]]
    given = rows.gather(-1, ids[..., 1:, None])[..., 0]
    return torch.exp(-torch.mean(torch.log(given))).item()


@perplexity.variant
def from_counts(probs, ids):
    """The same mean, pair by pair of the table: how often each came times its surprise."""
    given_probs(probs, ids)
    hot = eye(len(probs), dtype=probs.dtype, device=probs.device)[ids]
    counts = hot[..., :-1, :].flatten(0, -2).mT @ hot[..., 1:, :].flatten(0, -2)
    surprise = torch.where(counts > 0, -probs.where(counts > 0, 1).log(), 0)
    return ((counts * surprise).sum() / counts.sum()).exp()
