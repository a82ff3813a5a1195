"""What people get wrong in top_p_filter."""

import torch

from autograder.exercises.sampling.kept import (
    check_share,
    drop,
    drop_ranks,
    mass_before,
    ranked,
)
from autograder.exercises.sampling.top_p_filter import top_p_filter


def shares_of(logits):
    return logits.to(torch.promote_types(logits.dtype, torch.float32)).softmax(-1)


def _sorted(logits):
    """The order of the tokens, and the mass of each with all likelier ones."""
    order = ranked(logits)
    return order, shares_of(logits).gather(-1, order).cumsum(-1)


def right(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, (mass_before(shares_of(logits), order) >= p) & (p < 1))


def mistake(name, look, all_at_one=True):
    """Add a mistake that refuses what is no share, and keeps all tokens at p = 1."""

    def add(wrong):
        def answer(logits, p):
            check_share(p)
            return logits.clone() if p == 1 and all_at_one else wrong(logits, p)

        answer.__name__ = wrong.__name__
        top_p_filter.mistake(name, look)(answer)
        return wrong

    return add


@mistake(
    "Tokens stay while the mass is at most p: the one that reaches p is lost, and where one token "
    "has more than p, none is left.",
    "The likeliest token has 0.95, and p is 0.9. Which tokens can be drawn now?",
)
def empty(logits, p):
    order, mass = _sorted(logits)
    return drop_ranks(logits, order, mass > p)


@mistake(
    "The token with which the mass reaches p is lost; only the likeliest is saved in any case.",
    "0.5, then 0.25, and p is 0.7: is 0.5 enough mass?",
)
def crossing_lost(logits, p):
    order, mass = _sorted(logits)
    out = mass > p
    out[:, 0] = False
    return drop_ranks(logits, order, out)


@mistake(
    "One token too many stays: the one after the mass has reached p.",
    "0.5, then 0.25, and p is 0.7. How many tokens does it take?",
)
def one_more(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, (mass_before(shares_of(logits), order) >= p).roll(1, -1))


@mistake(
    "A mass of exactly p is not enough for it.",
    "Is p reached when the sum equals p?",
)
def more_than_p(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(shares_of(logits), order) > p)


@mistake(
    "It starts from the least likely tokens: those that together reach p stay.",
    "In which direction do you sort?",
)
def from_below(logits, p):
    order = ranked(logits).flip(-1)
    return drop_ranks(logits, order, mass_before(shares_of(logits), order) >= p)


@mistake(
    "The sums run over the tokens as they stand, not over the sorted ones.",
    "Which token comes first in your sum? Why that one?",
)
def unsorted(logits, p):
    mass = shares_of(logits).cumsum(-1).roll(1, -1)
    mass[:, 0] = -1
    return drop(logits, mass >= p)


@mistake(
    "Each token's own probability is compared with p; nothing is summed.",
    "Does any single token need to have p by itself?",
)
def single(logits, p):
    out = shares_of(logits) < p
    return drop(logits, out.scatter(-1, ranked(logits)[:, :1], False))


@mistake(
    "Each token's own probability is compared with 1 - p; nothing is summed.",
    "Top-p is about the mass of several tokens together. Where do you add?",
)
def single_rest(logits, p):
    out = shares_of(logits) < 1 - p
    return drop(logits, out.scatter(-1, ranked(logits)[:, :1], False))


@mistake(
    "The mass is compared with 1 - p.", "At p = 0.9, should much be left of the mass, or little?"
)
def the_rest(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(shares_of(logits), order) >= 1 - p)


@mistake(
    "What is ruled out in the sorted order is not put back to its token.",
    "Your mask knows ranks. Where does it learn which token has which rank?",
)
def not_put_back(logits, p):
    return drop(logits, mass_before(shares_of(logits), ranked(logits)) >= p)


@mistake(
    "It is put back the wrong way: the order is used where its inverse is needed.",
    "order[0] is the id of the likeliest. What would you need to know its rank: gather or scatter?",
)
def wrong_way_back(logits, p):
    order = ranked(logits)
    return drop(logits, (mass_before(shares_of(logits), order) >= p).gather(-1, order))


@mistake(
    "The logits come back sorted: they no longer stand at the place of their token.",
    "Which token does column 0 of your result belong to?",
)
def sorted_away(logits, p):
    order = ranked(logits)
    return drop(logits.gather(-1, order), mass_before(shares_of(logits), order) >= p)


@mistake("The logits are summed, not the probabilities.", "What do the shares of a row sum to?")
def sums_of_logits(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(logits, order) >= p)


@mistake(
    "exp of the logits is summed, without dividing by the sum: that is no softmax.",
    "Do your shares sum to 1?",
)
def not_normalised(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(logits.exp(), order) >= p)


@mistake(
    "The softmax runs over the batch instead of the vocabulary.",
    "Which axis of your shares sums to 1?",
)
def over_the_batch(logits, p):
    shares = logits.softmax(0).nan_to_num()
    order = ranked(shares)
    return drop_ranks(logits, order, mass_before(shares, order) >= p)
