"""What goes wrong in attend: the scores and the softmax."""

from torch.nn import functional as F

from autograder.exercises.attention.attend import attend
from autograder.exercises.attention.attend_steps import read, score, weigh

# The scores.


@attend.mistake(
    "The scores are not scaled: they are not divided by the square root of d_head.",
    "How large is a sum of d_head products of numbers around 1?",
)
def unscaled(q, k, v, mask=None):
    return read(score(q, k, 1), v, mask)


@attend.mistake(
    "The scores are divided by d_head itself, not by its square root.",
    "A sum of d_head random products: does its spread grow like d_head?",
)
def scaled_by_width(q, k, v, mask=None):
    return read(score(q, k, q.shape[-1]), v, mask)


@attend.mistake(
    "The root of d_head is cut down to a whole number.",
    "What is int(5 ** 0.5), and is it the square root of 5?",
)
def whole_root(q, k, v, mask=None):
    return read(score(q, k, int(q.shape[-1] ** 0.5)), v, mask)


@attend.mistake(
    "The scores are scaled by the width of the values, not of the queries and keys.",
    "Which width do the products of a score run over?",
)
def scaled_by_d_value(q, k, v, mask=None):
    return read(score(q, k, v.shape[-1] ** 0.5), v, mask)


@attend.mistake(
    "The scores are scaled by the number of keys, not by their width.",
    "Which axis do the products of a score run over?",
)
def scaled_by_keys(q, k, v, mask=None):
    return read(score(q, k, k.shape[-2] ** 0.5), v, mask)


@attend.mistake(
    "The scores are scaled by the number of queries, not by their width.",
    "Which axis do the products of a score run over?",
)
def scaled_by_queries(q, k, v, mask=None):
    return read(score(q, k, q.shape[-2] ** 0.5), v, mask)


@attend.mistake(
    "The scores are scaled by the size of axis 1, which is the number of heads here.",
    "Which axis is d_head, whatever number of axes stands in front?",
)
def scaled_by_axis_1(q, k, v, mask=None):
    return read(score(q, k, q.shape[1] ** 0.5), v, mask)


@attend.mistake(
    "k is transposed by the numbers of its axes, which fits three axes only.",
    "Which axes of k are the last two, whatever number of axes stands in front?",
)
def third_axis(q, k, v, mask=None):
    return read(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5, v, mask)


@attend.mistake(
    "The scores are multiplied by the square root of d_head, not divided.",
    "Should wider queries and keys make the scores larger?",
)
def scaled_up(q, k, v, mask=None):
    return read(score(q, k, q.shape[-1] ** -0.5), v, mask)


@attend.mistake(
    "The scaling comes after the softmax, so the weights no longer sum to 1.",
    "What is the sum of a row of your weights?",
)
def scaled_weights(q, k, v, mask=None):
    weights = weigh(score(q, k, 1), mask) / q.shape[-1] ** 0.5
    return weights @ v, weights


@attend.mistake(
    "Queries and keys are scaled to length 1 first, so only their direction counts.",
    "Does the formula divide by the length of each vector, or by one number for all?",
)
def cosine(q, k, v, mask=None):
    return read(F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).mT, v, mask)


@attend.mistake(
    "Keys and queries are exchanged: the scores have a row for every key.",
    "Who asks? The rows of the scores belong to them.",
)
def keys_ask(q, k, v, mask=None):
    return read(score(k, q), v, mask)


@attend.mistake(
    "q is multiplied by k as it is, which does not fit: k has to be transposed.",
    "Which axis of k should meet the last axis of q in the product?",
)
def k_as_it_is(q, k, v, mask=None):
    return read(q @ k / q.shape[-1] ** 0.5, v, mask)


# The softmax.


@attend.mistake(
    "The softmax runs over the queries, not the keys.",
    "Whose weights should sum to 1: those that one query gives, or those that one key gets?",
)
def softmax_over_queries(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, dim=-2)
    return weights @ v, weights


@attend.mistake(
    "The softmax runs over axis 1, which is the heads here, not the keys.",
    "Which axis holds the keys, whatever number of axes stands in front?",
)
def softmax_over_heads(q, k, v, mask=None):
    weights = weigh(score(q, k), mask, dim=1)
    return weights @ v, weights


@attend.mistake(
    "The softmax overflows: exp of a large score is infinite.",
    "What may be subtracted from all scores of a row without changing the weights?",
)
def overflow(q, k, v, mask=None):
    weights = score(q, k).exp()
    weights = weights if mask is None else weights * mask
    weights = weights / weights.sum(-1, keepdim=True).clamp(min=1e-6)
    return weights @ v, weights


@attend.mistake(
    "Only the best key is read; the others should have their share.",
    "What does a softmax give that a maximum does not?",
)
def hard(q, k, v, mask=None):
    soft = weigh(score(q, k), mask)
    weights = F.one_hot(soft.argmax(-1), k.shape[-2]).to(q.dtype) * (soft > 0)
    return weights @ v, weights


@attend.mistake(
    "Each score is squashed by itself (sigmoid), so the weights do not sum to 1.",
    "Which function turns a row of scores into shares of one whole?",
)
def sigmoid(q, k, v, mask=None):
    weights = score(q, k).sigmoid()
    weights = weights if mask is None else weights * mask
    return weights @ v, weights


@attend.mistake(
    "The weights are dropped out at random.",
    "Should the same question get the same answer twice? Does the task mention dropout?",
)
def dropout(q, k, v, mask=None):
    weights = F.dropout(weigh(score(q, k), mask), 0.2)
    return weights @ v, weights


@attend.mistake(
    "The numbers are rounded to float32 on the way, even when more precise ones are given.",
    "Is there a .float() or a dtype written down in your code?",
)
def rounded(q, k, v, mask=None):
    weights = weigh(score(q, k).float(), mask).to(q.dtype)
    return weights @ v, weights


@attend.mistake(
    "No gradient flows through the weights, so queries and keys can never learn.",
    "Is there a detach, no_grad or .data on the way from the scores to the output?",
)
def weights_detached(q, k, v, mask=None):
    weights = weigh(score(q, k), mask).detach()
    return weights @ v, weights
