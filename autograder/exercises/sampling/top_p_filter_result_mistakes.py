"""What people get wrong in top_p_filter at the edges, and in what it returns."""

import torch
from torch import zeros_like

from autograder.exercises.sampling.kept import (
    INF,
    check_share,
    drop,
    drop_ranks,
    mass_before,
    ranked,
)
from autograder.exercises.sampling.top_p_filter import top_p_filter
from autograder.exercises.sampling.top_p_filter_mistakes import mistake, right, shares_of


@mistake("It returns probabilities, not logits.", "Who takes the softmax, and when?", False)
def probabilities(logits, p):
    return right(logits, p).softmax(-1)


@mistake(
    "It returns log-probabilities: what stays is changed by a constant.",
    "May a logit that stays change its value? What does the task say?",
    False,
)
def log_probabilities(logits, p):
    return right(logits, p).log_softmax(-1)


@mistake(
    "What is ruled out gets the logit 0, which is a logit like any other.",
    "What is the probability of a token with logit 0 when all others are negative?",
)
def zeros(logits, p):
    return right(logits, p).masked_fill(right(logits, p) == -INF, 0)


@mistake(
    "The tokens that the first row keeps are kept in all rows.",
    "Is there an index 0 where each row is meant?",
)
def of_the_first_row(logits, p):
    return drop(logits, (right(logits, p)[:1] == -INF).expand_as(logits))


@mistake(
    "At p = 1 the tail is lost: the sum of the others rounds to 1.",
    "In float32, what is 1 + 1e-9?",
    False,
)
def tail_lost(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(shares_of(logits), order) >= p)


@mistake("At p = 0 nothing is left.", "What is the least that must stay, whatever p is?")
def nothing_at_zero(logits, p):
    order = ranked(logits)
    before = mass_before(shares_of(logits), order).clamp(min=0)
    return drop_ranks(logits, order, before >= p)


@mistake(
    "The sums are made in half precision when the logits are, and stop growing.",
    "How many digits has a bfloat16? What is 0.5 + 0.001 in it?",
)
def half(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, mass_before(logits.softmax(-1), order) >= p)


@mistake(
    "Of equally likely tokens, the higher ids stay.",
    "In which order does your sorting put two equal logits? Is it stable?",
)
def higher_ids(logits, p):
    order = logits.argsort(dim=-1, stable=True).flip(-1)
    return drop_ranks(logits, order, mass_before(shares_of(logits), order) >= p)


@top_p_filter.mistake(
    "A p that is no share is not refused.", "What would a p of 1.5 mean, and a p of -0.1?"
)
def takes_anything(logits, p):
    order = ranked(logits)
    return drop_ranks(logits, order, (mass_before(shares_of(logits), order) >= p) & (p < 1))


@top_p_filter.mistake(
    "It writes -inf into the logits that it was given.",
    "Does masked_fill or scatter end in an underscore in your code?",
)
def in_place(logits, p):
    check_share(p)
    order = ranked(logits)
    out = (mass_before(shares_of(logits), order) >= p) & (p < 1)
    with torch.no_grad():
        logits.masked_fill_(zeros_like(out).scatter(-1, order, out), -INF)
    return logits
