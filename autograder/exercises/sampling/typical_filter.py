"""typical_filter: tokens that surprise about as much as is to be expected."""

import math

import torch
from torch import Generator, rand, randn, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.judges import Kept
from autograder.exercises.sampling.kept import (
    INF,
    check_share,
    drop,
    drop_ranks,
    mass_before,
    ranked,
)
from autograder.trial import Trial, ask
from gradus import filters

typical_filter = Exercise(filters.typical_filter)


@typical_filter.case(
    "the likeliest is not typical, by hand",
    1,
    judge=Kept(),
    hint="The probabilities are 0.55, 0.15, 0.1, 0.1, 0.05, 0.05, their entropy is 1.37 nats. "
    "Token 0 surprises by 0.60 nats, token 1 by 1.90.",
)
def by_hand(rng: Generator) -> ByHand:
    logits = tensor([[0.55, 0.15, 0.1, 0.1, 0.05, 0.05]]).log()
    return ByHand(ask(logits, 0.1), drop(logits, tensor([[True, False] + [True] * 4])))


@typical_filter.case("each row by itself", 1.5, judge=Kept())
def rows(rng: Generator) -> list[Trial]:
    logits = 2 * randn(3, 8, generator=rng)
    return [ask(logits, p) for p in (0.2, 0.6, 0.9)]


@typical_filter.case("even rows, p = 1 and p = 0", 0.5, judge=Kept())
def ends(rng: Generator) -> list[Trial]:
    logits = torch.cat([2 * randn(1, 4, generator=rng), tensor([[-30.0, -40]])], -1)
    return [ask(zeros(2, 8), 0.5), *(ask(logits, p) for p in (1.0, 0.0))]


@typical_filter.case("tokens that were ruled out before", 0.5, judge=Kept())
def ruled_out(rng: Generator) -> list[Trial]:
    logits = tensor([[-INF, -1.9, 0.3, -INF, 1.0], [0.2, -INF, -INF, 2, -INF]])
    return [ask(logits, p) for p in (0.3, 0.8)]


@typical_filter.case("what is no share", 0.5, judge=Kept())
def refused(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 4, generator=rng), p) for p in (-0.1, 1.5)]


@typical_filter.case("hidden logits", 0.5, hidden=True, judge=Kept())
def hidden(rng: Generator) -> Trial:
    return ask(2 * randn(4, 9, generator=rng), 0.2 + 0.7 * rand((), generator=rng).item())


@typical_filter.house_rules(0.5, judge=Kept())
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng), 0.7)


def _parts(logits):
    """Shares, surprises and entropy of each row."""
    shares, surprise = logits.softmax(-1), -logits.log_softmax(-1)
    return shares, surprise, (shares * surprise).where(shares > 0, 0).sum(-1, keepdim=True)


def _by(logits, p, distance):
    """Keep the nearest until their mass reaches p."""
    order = ranked(-distance)
    before = mass_before(logits.softmax(-1), order)
    return drop_ranks(logits, order, (before >= p) & (p < 1))


def mistake(name, look):
    """Add a mistake that refuses what is no share."""

    def add(wrong):
        def answer(logits, p):
            check_share(p)
            return wrong(logits, p)

        answer.__name__ = wrong.__name__
        typical_filter.mistake(name, look)(answer)
        return wrong

    return add


@mistake(
    "The entropy has the wrong sign.", "Can an expected surprise be negative? What is log(0.5)?"
)
def negative_entropy(logits, p):
    _, surprise, entropy = _parts(logits)
    return _by(logits, p, (surprise + entropy).abs())


@mistake(
    "It takes the least surprising tokens first: that is top-p.",
    "What is compared with the entropy in your code?",
)
def top_p(logits, p):
    return _by(logits, p, _parts(logits)[1])


@mistake(
    "The distance has no absolute value: tokens below the entropy come before all others.",
    "A token surprises too little. Is that typical?",
)
def no_absolute_value(logits, p):
    _, surprise, entropy = _parts(logits)
    return _by(logits, p, surprise - entropy)


@mistake(
    "All tokens stay that are as typical as the last one: with ties there are too many.",
    "Eight tokens are alike, and p is 0.5. How many does it take?",
)
def all_ties(logits, p):
    shares, surprise, entropy = _parts(logits)
    distance = (surprise - entropy).abs()
    order = ranked(-distance)
    needed = (shares.gather(-1, order).cumsum(-1) < p).sum(-1, keepdim=True)
    last = distance.gather(-1, order.gather(-1, needed.clamp(max=logits.shape[-1] - 1)))
    return drop(logits, (distance > last) & (p < 1))


@mistake(
    "The entropy is in bits, the surprise in nats.", "Which logarithm stands where in your code?"
)
def in_bits(logits, p):
    _, surprise, entropy = _parts(logits)
    return _by(logits, p, (surprise - entropy / math.log(2)).abs())


@mistake("It takes the least typical tokens first.", "Which distance comes first in your order?")
def least_typical(logits, p):
    _, surprise, entropy = _parts(logits)
    return _by(logits, p, -(surprise - entropy).abs())


@mistake(
    "Probabilities are compared with the entropy, not surprises.",
    "The entropy is a mean. A mean of what?",
)
def probabilities_compared(logits, p):
    shares, _, entropy = _parts(logits)
    return _by(logits, p, (shares - entropy).abs())


@mistake(
    "The expected surprise is taken as the plain mean over the vocabulary.",
    "How often does an unlikely token surprise you?",
)
def plain_mean(logits, p):
    _, surprise, _ = _parts(logits)
    possible = surprise < INF
    mean = surprise.where(possible, 0).sum(-1, keepdim=True) / possible.sum(-1, keepdim=True)
    return _by(logits, p, (surprise - mean).abs())


@mistake("The token with which the mass reaches p is lost.", "Is the mass of the others enough?")
def crossing_lost(logits, p):
    shares, surprise, entropy = _parts(logits)
    order = ranked(-(surprise - entropy).abs())
    out = shares.gather(-1, order).cumsum(-1) > p
    out[:, 0] = False
    return drop_ranks(logits, order, out & (p < 1))


@mistake(
    "Ruled-out tokens make the entropy NaN: 0 times infinity.",
    "What is -p log p for p = 0, and what does torch make of it?",
)
def not_a_number(logits, p):
    shares, surprise, _ = _parts(logits)
    entropy = (shares * surprise).sum(-1, keepdim=True)
    return _by(logits, p, (surprise - entropy).abs())


@mistake(
    "What is ruled out in the order of typicality is not put back to its token.",
    "Your mask knows ranks. Where does it learn which token has which rank?",
)
def not_put_back(logits, p):
    shares, surprise, entropy = _parts(logits)
    order = ranked(-(surprise - entropy).abs())
    return drop(logits, (mass_before(shares, order) >= p) & (p < 1))


@mistake(
    "The likeliest token always stays.", "Does the docstring promise that? Which token is sure?"
)
def likeliest_stays(logits, p):
    _, surprise, entropy = _parts(logits)
    kept = _by(logits, p, (surprise - entropy).abs())
    best = logits.argmax(-1, keepdim=True)
    return kept.scatter(-1, best, logits.gather(-1, best))


@typical_filter.mistake("A p that is no share is not refused.", "What would a p of 1.5 keep?")
def takes_anything(logits, p):
    _, surprise, entropy = _parts(logits)
    return _by(logits, p, (surprise - entropy).abs())


@typical_filter.variant
def by_number(logits, p):
    if not 0 <= p <= 1:
        raise ValueError("p is a share")
    if p == 1:
        return logits.clone()
    log_shares = torch.log_softmax(logits, -1)
    entropy = -(log_shares.exp() * log_shares.clamp(min=-1e30)).sum(-1, keepdim=True)
    order = torch.sort((-log_shares - entropy).abs(), dim=-1, stable=True).indices
    needed = (log_shares.exp().gather(-1, order).cumsum(-1) < p).sum(-1, keepdim=True) + 1
    return logits.where(order.argsort(dim=-1) < needed, -INF)


@typical_filter.variant
def with_entr(logits, p):
    if p < 0 or p > 1:
        raise ValueError("p is a share")
    shares = logits.softmax(-1)
    entropy = torch.special.entr(shares).sum(-1, keepdim=True)
    return _by(logits, p, (shares.log() + entropy).abs())
