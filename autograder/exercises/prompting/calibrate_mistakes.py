"""What goes wrong in calibrate."""

import torch

from autograder.exercises.prompting.calibrate import calibrate
from gradus.scoring import calibrate as right


def preference(free):
    """The logarithm of the mean probability of each label."""
    return free.log_softmax(-1).logsumexp(0) - torch.tensor(float(len(free))).log().to(free.device)


@calibrate.mistake(
    "It multiplies by the preference instead of dividing by it.",
    "A label that the prompt likes anyway: should it gain or lose?",
)
def multiplies(scores, free):
    right(scores, free)
    return (scores.log_softmax(-1) + preference(free)).softmax(-1)


@calibrate.mistake(
    "It subtracts the preference from the probabilities.",
    "0.6 against 0.75: what does the docstring do with these two?",
)
def subtracts(scores, free):
    right(scores, free)
    return scores.softmax(-1) - free.softmax(-1).mean(0)


@calibrate.mistake(
    "The quotients are not scaled to sum to 1.", "What do the numbers sum to that you return?"
)
def not_scaled(scores, free):
    right(scores, free)
    return (scores.log_softmax(-1) - preference(free)).exp()


@calibrate.mistake(
    "The quotients go through a softmax instead of being divided by their sum.",
    "The quotients 0.8 and 1.6: which shares have they, and what does a softmax make of them?",
)
def softmax_of_quotient(scores, free):
    right(scores, free)
    return (scores.log_softmax(-1) - preference(free)).exp().softmax(-1)


@calibrate.mistake(
    "Scores are averaged over the content-free prompts, not probabilities.",
    "Is the mean of logarithms the logarithm of the mean?",
)
def averages_scores(scores, free):
    right(scores, free)
    return (scores.log_softmax(-1) - free.mean(0).log_softmax(-1)).softmax(-1)


@calibrate.mistake(
    "The content-free scores are not made to sum to 1 for each prompt before they are averaged.",
    "Which prompt has more say if one has probabilities ten times as large?",
)
def unnormalised(scores, free):
    right(scores, free)
    return (scores - free.logsumexp(0)).softmax(-1)


@calibrate.mistake(
    "Only the first content-free prompt counts.", "Is there an index 0 where all are meant?"
)
def first_only(scores, free):
    right(scores, free)
    return right(scores, free[:1])


@calibrate.mistake(
    "The probabilities of the content-free prompts are summed to a maximum, not averaged.",
    "What does the docstring do over the prompts?",
)
def largest(scores, free):
    right(scores, free)
    return (scores - free.log_softmax(-1).amax(0)).softmax(-1)


@calibrate.mistake(
    "The softmax of the content-free scores runs over the prompts, not over the labels.",
    "Which axis of `free` holds the labels?",
)
def over_prompts(scores, free):
    right(scores, free)
    return (scores.log_softmax(-1) - free.log_softmax(0).mean(0)).softmax(-1)


@calibrate.mistake(
    "The mean runs over the labels, not over the prompts.",
    "Which axis of `free` holds the prompts?",
)
def mean_of_labels(scores, free):
    right(scores, free)
    return (scores - free.log_softmax(-1).logsumexp(-1).mean()).softmax(-1)


@calibrate.mistake(
    "The result is scaled over the queries, not over the labels.",
    "Which numbers should sum to 1: those of one query, or those of one label?",
)
def over_queries(scores, free):
    right(scores, free)
    quotient = (scores.log_softmax(-1) - preference(free)).exp()
    return quotient / quotient.sum(0, keepdim=True)


@calibrate.mistake(
    "The scores are divided, although they are logarithms.",
    "What is a quotient of probabilities in terms of their logarithms?",
)
def divides_scores(scores, free):
    right(scores, free)
    quotient = scores / free.mean(0)
    return quotient / quotient.sum(-1, keepdim=True)


@calibrate.mistake(
    "The scores are taken for probabilities.", "What does `score_labels` return: p, or log p?"
)
def as_probabilities(scores, free):
    right(scores, free)
    quotient = scores / free.softmax(-1).mean(0)
    return quotient / quotient.sum(-1, keepdim=True)


@calibrate.mistake(
    "The preference is taken from the queries themselves, not from content-free prompts.",
    "Which prompt tells what the model prefers when there is nothing to judge?",
)
def from_queries(scores, free):
    right(scores, free)
    own = scores.reshape(-1, scores.shape[-1])
    return (scores - own.log_softmax(-1).logsumexp(0)).softmax(-1)


@calibrate.mistake(
    "Nothing is calibrated: it is the softmax of the scores.", "Where does your code use `free`?"
)
def untouched(scores, free):
    right(scores, free)
    return scores.softmax(-1)


@calibrate.mistake(
    "Logarithms are returned, not probabilities.", "What do the numbers sum to that you return?"
)
def logarithms(scores, free):
    right(scores, free)
    return (scores - preference(free)).log_softmax(-1)


@calibrate.mistake(
    "The two are exchanged: the preference is divided by the probabilities.",
    "What is divided by what?",
)
def upside_down(scores, free):
    right(scores, free)
    return (preference(free) - scores.log_softmax(-1)).softmax(-1)


@calibrate.mistake(
    "Probabilities are divided as they are: 0/0 comes out where they are too small for a float.",
    "exp(-400) is 0. Could you divide without leaving the logarithms?",
)
def underflow(scores, free):
    right(scores, free)
    quotient = scores.softmax(-1) / free.softmax(-1).mean(0)
    return quotient / quotient.sum(-1, keepdim=True)


@calibrate.mistake(
    "A small number is added so that nothing is divided by 0: small probabilities come out wrong.",
    "Which is larger: the probability of a rare label, or your small number?",
)
def epsilon(scores, free):
    right(scores, free)
    quotient = scores.softmax(-1) / (free.softmax(-1).mean(0) + 1e-3)
    return quotient / quotient.sum(-1, keepdim=True)


@calibrate.mistake(
    "Content-free scores of another number of labels are stretched to fit.",
    "What does broadcasting do with an axis of length 1?",
)
def stretched(scores, free):
    if free.shape[-1] == 1 and len(free):
        free = free.expand(-1, scores.shape[-1])
    return right(scores, free)


@calibrate.mistake(
    "No content-free prompts at all are not refused.", "What is the mean of nothing?"
)
def none_at_all(scores, free):
    return right(scores, free) if len(free) else scores.softmax(-1)


@calibrate.mistake(
    "Differences of scores are returned as they are, not probabilities.",
    "What do the numbers sum to that you return?",
)
def differences(scores, free):
    right(scores, free)
    return scores - free.mean(0)


@calibrate.mistake(
    "Everything is divided by one sum over all queries.", "Which numbers should sum to 1?"
)
def one_sum(scores, free):
    right(scores, free)
    quotient = (scores.log_softmax(-1) - preference(free)).exp()
    return quotient / quotient.sum()
