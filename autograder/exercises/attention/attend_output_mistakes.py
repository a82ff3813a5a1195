"""What goes wrong in attend after the softmax: what is read and what is returned."""

from torch import einsum

from autograder.exercises.attention.attend import attend
from autograder.exercises.attention.attend_steps import read, score, weigh


@attend.mistake(
    "The weights are transposed before the values are read.",
    "Row i of the output belongs to query i. Which row of the weights makes it?",
)
def weights_transposed(q, k, v, mask=None):
    weights = weigh(score(q, k), mask)
    return weights.mT @ v, weights


@attend.mistake(
    "The output is right, but the weights are returned with keys as rows.",
    "What is the shape of the weights in the docstring?",
)
def weights_returned_transposed(q, k, v, mask=None):
    output, weights = read(score(q, k), v, mask)
    return output, weights.mT


@attend.mistake(
    "The values are transposed before they are read.",
    "Which axis of v belongs to the keys, and does it meet the keys of the weights?",
)
def values_transposed(q, k, v, mask=None):
    weights = weigh(score(q, k), mask)
    return weights @ v.mT, weights


@attend.mistake(
    "The output is right, but the scores are returned in place of the weights.",
    "What is the sum of a row of what you return second?",
)
def scores_returned(q, k, v, mask=None):
    output, _ = read(score(q, k), v, mask)
    return output, score(q, k)


@attend.mistake(
    "Only the output is returned, without the weights.", "What does the docstring promise?"
)
def output_only(q, k, v, mask=None):
    return read(score(q, k), v, mask)[0]


@attend.mistake(
    "Output and weights are returned in the wrong order.", "Which of the two comes first?"
)
def weights_first(q, k, v, mask=None):
    return read(score(q, k), v, mask)[::-1]


@attend.mistake(
    "The caller's q is scaled in place.", "After q /= 2, what does the caller find in q?"
)
def scales_in_place(q, k, v, mask=None):
    q /= q.shape[-1] ** 0.5
    return read(q @ k.mT, v, mask)


@attend.mistake(
    "It works only with one axis for the batch and one for the heads.",
    "What does ... stand for in the signature?",
)
def four_axes_only(q, k, v, mask=None):
    scores = einsum("bhqd,bhkd->bhqk", q, k) / q.shape[-1] ** 0.5
    weights = weigh(scores, mask)
    return einsum("bhqk,bhkd->bhqd", weights, v), weights
