"""min_p_filter: no token far less likely than the likeliest."""

import math

import torch
from torch import Generator, rand, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.judges import Kept
from autograder.exercises.sampling.kept import INF, check_share, drop
from autograder.trial import Trial, ask
from gradus import filters

min_p_filter = Exercise(filters.min_p_filter)


@min_p_filter.case(
    "a tenth of the best, by hand",
    0.5,
    judge=Kept(),
    hint="The probabilities are 0.05, 0.6, 0.25, 0.1 and p is 0.2: less than 0.12 goes.",
)
def by_hand(rng: Generator) -> ByHand:
    logits = tensor([[0.05, 0.6, 0.25, 0.1]]).log()
    return ByHand(ask(logits, 0.2), tensor([[-INF, logits[0, 1], logits[0, 2], -INF]]))


@min_p_filter.case("each row by itself", 1.5, judge=Kept())
def rows(rng: Generator) -> list[Trial]:
    logits = 2 * randn(3, 7, generator=rng)
    return [ask(logits, p) for p in (0.03, 0.1, 0.5)]


@min_p_filter.case("many tokens, none of them likely", 0.5, judge=Kept())
def many(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 60, generator=rng), p) for p in (0.05, 0.3)]


@min_p_filter.case("p = 0, p = 1 and ties", 0.5, judge=Kept())
def ends(rng: Generator) -> list[Trial]:
    logits = tensor([[1.0, 3, 3, -200], [2, 1, 0, 2]])
    return [ask(logits, p) for p in (0.0, 1.0, 0, 1)]


@min_p_filter.case("ruled-out tokens and large logits", 0.5, judge=Kept())
def ruled_out(rng: Generator) -> list[Trial]:
    logits = tensor([[-INF, 1e4, 9999.0, -1e4], [-1000, -INF, -1001, -1005]])
    return [ask(logits, p) for p in (0.1, 0.5)]


@min_p_filter.case("what is no share", 0.5, judge=Kept())
def refused(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 4, generator=rng), p) for p in (-0.1, 1.5)]


@min_p_filter.case("hidden logits", 0.5, hidden=True, judge=Kept())
def hidden(rng: Generator) -> Trial:
    return ask(2 * randn(4, 9, generator=rng), 0.05 + 0.3 * rand((), generator=rng).item())


@min_p_filter.house_rules(0.5, judge=Kept())
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng), 0.15)


def mistake(name, look):
    """Add a mistake that refuses what is no share."""

    def add(wrong):
        def answer(logits, p):
            check_share(p)
            return wrong(logits, p)

        answer.__name__ = wrong.__name__
        min_p_filter.mistake(name, look)(answer)
        return wrong

    return add


def _ratio(logits):
    return (logits - logits.amax(-1, keepdim=True)).exp()


@mistake(
    "Probabilities are compared with p itself, not with p times the largest.",
    "No token has more than 0.06, and p is 0.1. What stays?",
)
def absolute(logits, p):
    return drop(logits, logits.softmax(-1) < p)


@mistake(
    "A token must be more than p times as likely; at p = 1 nothing is left.",
    "Is the likeliest token as likely as itself?",
)
def strict(logits, p):
    return drop(logits, _ratio(logits) <= p)


@mistake(
    "The likeliest logit is multiplied by p, not the likeliest probability.",
    "What is 0.1 times a logit of -5: more or less than -5?",
)
def times_the_logit(logits, p):
    return drop(logits, logits < p * logits.amax(-1, keepdim=True))


@mistake("One maximum is taken for the whole batch.", "Over which axis does your maximum run?")
def batch_maximum(logits, p):
    shares = logits.softmax(-1)
    return drop(logits, shares < p * shares.max())


@mistake("The likely tokens go, and the unlikely stay.", "Which side of the bar do you rule out?")
def wrong_side(logits, p):
    return drop(logits, _ratio(logits) >= p)


@mistake("The bar is 1 - p of the largest probability.", "At p = 0, should everything stay or go?")
def the_rest(logits, p):
    return drop(logits, _ratio(logits) < 1 - p)


@mistake("exp is taken of the logits as they are; large ones overflow.", "What is exp(10,000)?")
def overflowing(logits, p):
    powers = logits.exp()
    return drop(logits, powers / powers.sum(-1, keepdim=True) < p * powers.amax(-1, keepdim=True))


@mistake("It returns probabilities, not logits.", "Who takes the softmax, and when?")
def probabilities(logits, p):
    return drop(logits, _ratio(logits) < p).softmax(-1)


@mistake(
    "It returns log-probabilities: what stays is changed by a constant.",
    "What becomes of the logits that stay?",
)
def log_probabilities(logits, p):
    return drop(logits, _ratio(logits) < p).log_softmax(-1)


@mistake(
    "p is taken off the likeliest logit.",
    "A token is half as likely as the best. By how much do their logits differ?",
)
def less_than_the_logit(logits, p):
    return drop(logits, logits < logits.amax(-1, keepdim=True) - p)


@mistake("What is ruled out gets the logit 0.", "Which logit makes a probability exactly 0?")
def zeros(logits, p):
    return drop(logits, _ratio(logits) < p, 0.0)


@min_p_filter.mistake("A p that is no share is not refused.", "What would a p of 1.5 keep?")
def takes_anything(logits, p):
    return drop(logits, _ratio(logits) < p)


@min_p_filter.variant
def with_probabilities(logits, p):
    if p < 0 or p > 1:
        raise ValueError("p is a share")
    shares = torch.softmax(logits, -1)
    return torch.where(shares >= p * shares.max(-1, keepdim=True).values, logits, -INF)


@min_p_filter.variant
def with_logarithms(logits, p):
    if not 0 <= p <= 1:
        raise ValueError("p is a share")
    bar = logits.max(dim=-1, keepdim=True).values + (math.log(p) if p else -INF)
    return logits.masked_fill(logits < bar, float("-inf"))
