"""calibrate: a prompt's own preference is taken out."""

import torch
from torch import Generator, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.prompting.told import Told
from autograder.trial import Trial, ask
from gradus import scoring as reference

calibrate = Exercise(reference.calibrate)


@calibrate.case(
    "six to four against three to one, by hand",
    0.5,
    hint="0.6 / 0.75 is 0.8, and 0.4 / 0.25 is 1.6. What are their shares?",
)
def by_hand(rng: Generator) -> ByHand:
    scores, free = tensor([0.6, 0.4]).log(), tensor([[0.75, 0.25]]).log()
    return ByHand(ask(scores, free), tensor([1 / 3, 2 / 3]))


@calibrate.case(
    "several content-free prompts",
    judge=Told(["Two prompts that disagree", "Three prompts, one of them sure"]),
    hint="It is probabilities that are averaged over the prompts.",
)
def several(rng: Generator) -> list[Trial]:
    scores = tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]).log()
    disagree = tensor([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7]]).log()
    sure = torch.cat([disagree, tensor([[0.98, 0.01, 0.01]]).log()])
    return [ask(scores, disagree), ask(scores, sure)]


@calibrate.case(
    "scores need not be those of all there is",
    judge=Told(["Scores of labels that are improbable", "Content-free scores of different height"]),
    hint="The labels are a few words of a large vocabulary: their probabilities sum to far less "
    "than 1.",
)
def low_scores(rng: Generator) -> list[Trial]:
    scores = randn(4, 3, generator=rng) - 7
    free = randn(2, 3, generator=rng) + tensor([[-3.0], [-9.0]])
    return [ask(scores, randn(1, 3, generator=rng) - 5), ask(scores, free)]


@calibrate.case("one query, and queries in groups", 0.5)
def shapes(rng: Generator) -> list[Trial]:
    free = randn(3, 4, generator=rng)
    return [ask(randn(4, generator=rng), free), ask(randn(2, 5, 4, generator=rng), free)]


@calibrate.case(
    "without a preference nothing changes; a query like the free one is undecided",
    0.5,
    judge=Told(["No preference", "Scores that are the preference itself"]),
)
def laws(rng: Generator) -> list[Trial]:
    scores = 2 * randn(3, 4, generator=rng)
    return [ask(scores, torch.full((2, 4), -6.0)), ask(scores[:1], scores[:1])]


@calibrate.case(
    "probabilities too small for a float",
    0.5,
    judge=Told(["One label 400 below the other", "Scores of -1000"]),
    hint="exp(-400) is 0 in a float. What is the quotient of two probabilities in logarithms?",
)
def small(rng: Generator) -> list[Trial]:
    return [
        ask(tensor([[-400.0, 0.0], [-401.0, 0.5]]), tensor([[-401.0, 0.0]])),
        ask(tensor([[-1000.0, -1001.0, -1300.0]]), tensor([[-1002.0, -1000.0, -1300.5]])),
    ]


@calibrate.case(
    "what does not fit is refused",
    0.5,
    judge=Told(["No content-free prompts", "Content-free scores of one label only"]),
)
def refused(rng: Generator) -> list[Trial]:
    scores = randn(2, 3, generator=rng)
    return [ask(scores, torch.zeros(0, 3)), ask(scores, torch.zeros(2, 1))]


@calibrate.case("hidden scores", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    offsets = 3 * randn(3, 1, generator=rng)
    return [
        ask(2 * randn(6, 4, generator=rng) - 4, 2 * randn(3, 4, generator=rng) - 4 + offsets),
        ask(2 * randn(2, 3, 5, generator=rng), 2 * randn(2, 5, generator=rng)),
    ]


@calibrate.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(randn(3, 4, generator=rng), randn(2, 4, generator=rng))


def check(scores, free):
    """Refuse what does not fit."""
    if len(free) == 0 or free.size(-1) != scores.size(-1):
        raise ValueError("these do not fit")


@calibrate.variant
def in_double(scores, free):
    check(scores, free)
    p = scores.double().softmax(-1)
    preference = free.double().softmax(-1).mean(0)
    quotient = p / preference
    return (quotient / quotient.sum(-1, keepdim=True)).to(scores.dtype)


@calibrate.variant
def with_log_of_the_sum(scores, free):
    check(scores, free)
    shares = free - free.logsumexp(-1, keepdim=True)
    log_quotient = scores - torch.logsumexp(shares, 0)
    return torch.exp(log_quotient - log_quotient.logsumexp(-1, keepdim=True))


@calibrate.variant
def row_by_row(scores, free):
    check(scores, free)
    preference = torch.stack([row.log_softmax(0) for row in free]).logsumexp(0)
    rows = [
        (row.log_softmax(0) - preference).softmax(0) for row in scores.reshape(-1, len(free[0]))
    ]
    return torch.stack(rows).reshape(scores.shape)
