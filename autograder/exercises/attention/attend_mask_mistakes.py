"""What goes wrong with the mask in attend."""

import torch

from autograder.exercises.attention.attend import attend
from autograder.exercises.attention.attend_steps import read, score, weigh


@attend.mistake("The mask is ignored.", "Where does your code use the mask?")
def mask_ignored(q, k, v, mask=None):
    return read(score(q, k), v, None)


@attend.mistake(
    "The mask is taken the wrong way round: what may be read is hidden.",
    "What does True mean in this mask, and what does masked_fill replace?",
)
def mask_inverted(q, k, v, mask=None):
    return read(score(q, k), v, None if mask is None else ~mask)


@attend.mistake(
    "A hidden score is set to 0 before the softmax, which still gives it a weight.",
    "What is exp(0)?",
)
def filled_with_zero(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=0, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to -1 before the softmax, which still gives it a weight.",
    "What is exp(-1)? Which score gives a weight of exactly 0?",
)
def filled_with_minus_1(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=-1, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to -10 before the softmax, which still lets a little through.",
    "What is exp(-10), times a value of a million?",
)
def filled_with_minus_10(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=-10, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to -20 before the softmax, which still lets a little through.",
    "What is exp(-20), times a value of a million?",
)
def filled_with_minus_20(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=-20, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to -1e9, so a query that may read nothing reads everything alike "
    "(and half precision cannot hold -1e9).",
    "What is the softmax of a row of equal numbers?",
)
def filled_with_minus_1e9(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=-1e9, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to the lowest finite number, so a query that may read nothing reads "
    "everything alike.",
    "What is the softmax of a row of equal numbers?",
)
def filled_with_lowest(q, k, v, mask=None):
    scores = score(q, k)
    weights = weigh(scores, mask, fill=torch.finfo(scores.dtype).min, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A hidden score is set to -1e9, which half precision cannot hold.",
    "What is the largest number of float16? Is there something below every number?",
)
def too_large_for_half(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=-1e9)
    return weights @ v, weights


@attend.mistake(
    "A query that may read nothing gets NaN.",
    "What is the softmax of a row of minus infinities, and what should it be here?",
)
def nan_rows(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, empty=None)
    return weights @ v, weights


@attend.mistake(
    "A query that may read nothing gets 0, but its gradient is NaN and spoils all others.",
    "After the softmax you replaced NaN. On the way back, what does NaN times 0 give?",
)
def nan_gradient(q, k, v, mask=None):
    scores = score(q, k)
    if mask is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(~mask, float("-inf"))
    weights = scores.softmax(-1).nan_to_num(0)
    return weights @ v, weights


@attend.mistake(
    "A query that may read nothing gets output 0, but its weights are still NaN.",
    "You cleared the NaN from the output. Where did it come from?",
)
def nan_weights(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, empty=None)
    return (weights @ v).nan_to_num(0), weights


@attend.mistake(
    "The mask is multiplied in after the softmax, so the weights no longer sum to 1.",
    "What is the sum of a row of your weights, when half its keys are hidden?",
)
def masked_after_softmax(q, k, v, mask=None):
    weights = score(q, k).softmax(-1)
    weights = weights if mask is None else weights * mask
    return weights @ v, weights


@attend.mistake(
    "The mask is multiplied into the scores, so a hidden key gets score 0 instead of none; "
    "afterwards its weight is removed, but the rest still lost its share.",
    "What is the sum of a row of your weights, when half its keys are hidden?",
)
def masked_before_and_after(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, fill=0)
    return weights @ v, weights


@attend.mistake(
    "The mask is added to the scores as ones and zeros, which hides nothing.",
    "What has to be added to a score so that its weight becomes 0?",
)
def mask_added(q, k, v, mask=None):
    scores = score(q, k)
    return read(scores if mask is None else scores + mask, v, None)


@attend.mistake(
    "The mask is transposed: it hides queries from keys.",
    "Which axis of the mask belongs to the keys?",
)
def mask_transposed(q, k, v, mask=None):
    return read(score(q, k), v, None if mask is None else mask.mT)


@attend.mistake(
    "The mask is applied to the values instead of the scores.",
    "A value of 0 still takes part in an average. What decides how much it counts?",
)
def values_masked(q, k, v, mask=None):
    if mask is not None:
        v = v * mask.any(-2).unsqueeze(-1)
    return read(score(q, k), v, None)


@attend.mistake(
    "The mask of the first text is used for all of them.",
    "Is there an index 0 where the whole batch is meant?",
)
def mask_of_the_first(q, k, v, mask=None):
    if mask is not None and mask.dim() > 2:
        mask = mask[:1]
    return read(score(q, k), v, mask)


@attend.mistake("It fails when there is no mask.", "What does ~None give? When is the mask None?")
def mask_required(q, k, v, mask=None):
    return read(score(q, k), v, mask & True)


@attend.mistake(
    "The future is always hidden, whether the mask says so or not.",
    "Who decides what may be read here: attend, or the mask it is given?",
)
def always_causal(q, k, v, mask=None):
    scores = score(q, k)
    causal = torch.ones_like(scores, dtype=torch.bool).tril()
    return read(scores, v, causal if mask is None else causal & mask)
