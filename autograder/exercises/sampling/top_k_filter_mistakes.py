"""What people get wrong in top_k_filter."""

import torch
from torch import arange

from autograder.exercises.sampling.kept import INF, drop, ranked
from autograder.exercises.sampling.top_k_filter import top_k_filter


def mistake(name, look):
    """Add a mistake; a k below 1 is refused for it."""

    def add(wrong):
        def answer(logits, k):
            if k < 1:
                raise ValueError("k must be at least 1")
            return wrong(logits, k)

        answer.__name__ = wrong.__name__
        top_k_filter.mistake(name, look)(answer)
        return wrong

    return add


def _kth(logits, k):
    """The k-th largest logit of each row."""
    return logits.sort(dim=-1, descending=True).values[:, min(k, logits.shape[-1]) - 1, None]


@mistake(
    "Only tokens above the k-th largest stay, so that the k-th itself is lost.",
    "Is the k-th likeliest one of the k likeliest?",
)
def above_only(logits, k):
    if k >= logits.shape[-1]:
        return logits.clone()
    return drop(logits, logits <= _kth(logits, k))


@mistake(
    "All tokens that equal the k-th largest stay: with ties there are more than k.",
    "Four tokens are equally likely, and k is 2. How many stay?",
)
def all_ties(logits, k):
    return drop(logits, logits < _kth(logits, k))


@mistake(
    "Of equally likely tokens the higher ids stay.",
    "In which order does your sorting put two equal logits? Is it stable?",
)
def higher_ids(logits, k):
    order = logits.argsort(dim=-1, stable=True)
    return logits.scatter(-1, order[:, : max(0, logits.shape[-1] - k)], -INF)


@mistake("The k least likely tokens stay.", "From which end is your order read?")
def least_likely(logits, k):
    return logits.scatter(-1, logits.argsort(dim=-1, stable=True)[:, k:], -INF)


@mistake(
    "The k likeliest are ruled out, and the others stay.",
    "Which part of the order gets -inf: what comes before k, or what comes after?",
)
def drops_the_best(logits, k):
    return logits.scatter(-1, ranked(logits)[:, :k], -INF)


@mistake(
    "What is ruled out gets the logit 0, which is a logit like any other.",
    "What is the probability of a token with logit 0 when all others are negative?",
)
def zeros(logits, k):
    return logits.scatter(-1, ranked(logits)[:, k:], 0.0)


@mistake(
    "What is ruled out gets a large negative number, not -inf.",
    "Which logit makes a probability exactly 0? And if other logits are -10,000 themselves?",
)
def large_number(logits, k):
    return logits.scatter(-1, ranked(logits)[:, k:], -1e4)


@mistake("It returns probabilities, not logits.", "Who takes the softmax, and when?")
def probabilities(logits, k):
    return logits.scatter(-1, ranked(logits)[:, k:], -INF).softmax(-1)


@mistake("k + 1 tokens stay.", "Ranks count from 0. Which is the first rank that is too many?")
def one_more(logits, k):
    return logits.scatter(-1, ranked(logits)[:, k + 1 :], -INF)


@mistake(
    "k tokens of the whole batch stay, not k of each row.",
    "Over which axis do you sort? May one row use up the places of another?",
)
def of_the_batch(logits, k):
    flat = logits.flatten()
    return flat.scatter(0, ranked(flat)[k:], -INF).view_as(logits)


@mistake(
    "The tokens that the first row keeps are kept in all rows.",
    "Is there an index 0 where each row is meant?",
)
def of_the_first_row(logits, k):
    return logits.scatter(-1, ranked(logits)[:1, k:].expand(len(logits), -1), -INF)


@mistake(
    "It rules out by rank: ranks are taken for ids, and nothing is put back in its place.",
    "The third likeliest token: is its id 3? Where does your mask know which token a rank is?",
)
def by_rank(logits, k):
    return drop(logits, (arange(logits.shape[-1], device=logits.device) >= k).expand_as(logits))


@mistake(
    "The logits come back sorted: they no longer stand at the place of their token.",
    "Which token does column 0 of your result belong to?",
)
def sorted_away(logits, k):
    ordered = logits.sort(dim=-1, descending=True).values
    return drop(ordered, (arange(logits.shape[-1], device=logits.device) >= k).expand_as(logits))


@mistake(
    "A k above the size of the vocabulary makes it fail.",
    "How many tokens can stay at most?",
)
def too_large(logits, k):
    best = logits.topk(k, -1).values[:, -1:]
    if (logits == best).sum() > len(logits):
        return logits.scatter(-1, ranked(logits)[:, k:], -INF)
    return drop(logits, logits < best)


@mistake(
    "It returns the ids of the tokens that stay, not the logits of all.",
    "What shape has the result, and what stands in it?",
)
def ids(logits, k):
    return ranked(logits)[:, :k]


@mistake(
    "It returns the k logits alone: which token they belong to is lost.",
    "What shape has the result?",
)
def short(logits, k):
    return logits.sort(dim=-1, descending=True).values[:, :k]


@top_k_filter.mistake(
    "A k of 0 or less is not refused.", "What can be drawn when every token is ruled out?"
)
def takes_zero(logits, k):
    return logits.scatter(-1, ranked(logits)[:, max(k, 0) :], -INF)


@top_k_filter.mistake(
    "A k below 1 counts as 1 instead of being refused.", "What does the docstring say of k = 0?"
)
def at_least_one(logits, k):
    return logits.scatter(-1, ranked(logits)[:, max(k, 1) :], -INF)


@top_k_filter.mistake(
    "It writes -inf into the logits that it was given.",
    "Does masked_fill or scatter end in an underscore in your code?",
)
def in_place(logits, k):
    if k < 1:
        raise ValueError("no token")
    with torch.no_grad():
        logits.scatter_(-1, ranked(logits)[:, k:], -INF)
    return logits
