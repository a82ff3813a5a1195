"""log_softmax: the logarithms of the shares, exact where the shares are too small for a float."""

import math

import torch
from torch import Generator, Tensor, nn, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import probability

log_softmax = Exercise(
    probability.log_softmax,
    instead_of=[
        torch.log_softmax,
        F.log_softmax,
        Tensor.log_softmax,
        nn.LogSoftmax,
        torch.special.log_softmax,
        torch.logsumexp,
        Tensor.logsumexp,
        torch.special.logsumexp,
        F.cross_entropy,
    ],
)


def _log_sum(x, dim, keepdim=True):
    """The logarithm of the sum of exp(x), done right."""
    top = x.amax(dim, keepdim=True)
    total = top + (x - top).exp().sum(dim, keepdim=True).log()
    return total if keepdim else total.squeeze(dim)


def _shares(x, dim):
    return (x - _log_sum(x, dim)).exp()


@log_softmax.case("two scores, by hand")
def two_scores(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([0.0, math.log(3.0)])), tensor([0.25, 0.75]).log())


@log_softmax.case("along the axis that is asked for")
def every_axis(rng: Generator) -> list[Trial]:
    x, square = randn(3, 4, 5, generator=rng), randn(4, 4, generator=rng)
    return [ask(square, 0), ask(square), *(ask(x, dim) for dim in (-1, 0, 1, -2))]


@log_softmax.case(
    "the same when every score rises by 200",
    judge=Unmoved(
        "Only differences between scores count: adding 200 to all must change nothing.",
        lambda output: output,
    ),
)
def shifted(rng: Generator) -> list[Trial]:
    x = randn(3, 5, generator=rng)
    return [ask(x), ask(x + 200)]


@log_softmax.case("a share too small for a float still has a logarithm", 2)
def tiny(rng: Generator) -> list[Trial]:
    rows = [[0.0, -150.0, -200.0], [-300.0, -299.0, -298.0], [90.0, 0.0, 90.5]]
    return [ask(tensor(rows)), ask(tensor(rows).mT.contiguous(), 0), ask(tensor([1e4, 0.0, -1e4]))]


@log_softmax.case("a score of -inf gets -inf, and the others share the rest")
def shut_out(rng: Generator) -> Trial:
    x = randn(3, 4, generator=rng)
    x[0, 1] = x[1, :3] = -math.inf
    return ask(x)


@log_softmax.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    x = 3 * randn(2, 6, 4, generator=rng)
    return [ask(x, dim).with_gradients() for dim in (-1, 1)]


@log_softmax.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng), dim=1)


@log_softmax.mistake(
    "exp runs on the scores as they are, and overflows when they are large.",
    "What is exp(200) as a float32? Which number could you take off all scores beforehand?",
)
def overflows(x, dim=-1):
    return x - x.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "The maximum is taken off inside the sum only, and never made up for.",
    "You compute log(sum(exp(x - m))). What must be added to get log(sum(exp(x)))?",
)
def not_added_back(x, dim=-1):
    return x - _log_sum(x - x.amax(dim, keepdim=True), dim)


@log_softmax.mistake(
    "The maximum is taken off twice: from x, and again with the logarithm of the sum.",
    "Your x has lost its maximum already. Does the logarithm that you take off still contain it?",
)
def taken_off_twice(x, dim=-1):
    return x - x.amax(dim, keepdim=True) - _log_sum(x, dim)


@log_softmax.mistake(
    "It takes the logarithm of the finished softmax, which has already rounded small shares to 0.",
    "What is exp(-200) as a float32, and what is the logarithm of that?",
)
def of_the_softmax(x, dim=-1):
    return _shares(x, dim).log()


@log_softmax.mistake(
    "A small number is added to the softmax, so no logarithm is below that of the small number.",
    "How small can a share become, and what is log(1e-9)?",
)
def small_number(x, dim=-1):
    return (_shares(x, dim) + 1e-9).log()


@log_softmax.mistake("The logarithm is to base 2.", "Which logarithm undoes exp?")
def base_two(x, dim=-1):
    return (x - _log_sum(x, dim)) / math.log(2)


@log_softmax.mistake("The logarithm is to base 10.", "Which logarithm undoes exp?")
def base_ten(x, dim=-1):
    return (x - _log_sum(x, dim)) / math.log(10)


@log_softmax.mistake(
    "`dim` is ignored: it always works along the last axis.",
    "Where in your code does `dim` appear?",
)
def last_axis(x, dim=-1):
    return x - _log_sum(x, -1)


@log_softmax.mistake(
    "The logarithm of the sum loses its axis, so it lines up with the wrong axis of x.",
    "What shape has the sum of a (4, 4) tensor along `dim`? From which axis is it taken off?",
)
def without_keepdim(x, dim=-1):
    return x - _log_sum(x, dim, keepdim=False)


@log_softmax.mistake(
    "The largest score of the whole tensor is taken off, not that of each slice.",
    "What becomes of a row in which every score is far below the best score of another row?",
)
def global_maximum(x, dim=-1):
    shifted = x - x.max()
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake("The sign is turned.", "Is the logarithm of a share above or below 0?")
def negative(x, dim=-1):
    return -(x - _log_sum(x, dim))


@log_softmax.mistake(
    "It returns the logarithm of the sum only.", "For each score x, what do you take off what?"
)
def sum_only(x, dim=-1):
    return _log_sum(x, dim).expand_as(x)


@log_softmax.mistake(
    "Only the maximum is taken off: nothing makes the shares sum to 1.",
    "Take exp of your result: what does it sum to?",
)
def maximum_only(x, dim=-1):
    return x - x.amax(dim, keepdim=True)


@log_softmax.mistake(
    "The logarithm of the sum is forgotten: the sum itself is taken off.",
    "What is the logarithm of a / b?",
)
def no_logarithm(x, dim=-1):
    shifted = x - x.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True)


@log_softmax.mistake(
    "It takes the mean of the powers instead of their sum.",
    "Take exp of your result: what does it sum to?",
)
def mean_of_powers(x, dim=-1):
    return (x - _log_sum(x, dim)) + math.log(x.shape[dim])


@log_softmax.mistake(
    "The logarithms are taken first and added up: that is the sum of the scores.",
    "Which comes first, the sum or the logarithm?",
)
def sum_of_logarithms(x, dim=-1):
    return x - x.exp().log().sum(dim, keepdim=True)


@log_softmax.mistake(
    "The maximum is taken off x in place, so the caller's tensor changes.",
    "Does `x -= ...` make a new tensor?",
)
def in_place(x, dim=-1):
    x -= x.amax(dim, keepdim=True)
    return x - _log_sum(x, dim)


@log_softmax.mistake(
    "The logarithm of the sum is cut off from the gradient.",
    "Which of your tensors is detached? Would changing x change that tensor?",
)
def sum_detached(x, dim=-1):
    return x - _log_sum(x, dim).detach()


@log_softmax.variant
def maximum_added_back(x, dim=-1):
    top = x.max(dim, keepdim=True).values
    return x - (top + (x - top).exp().sum(dim, keepdim=True).log())


@log_softmax.variant
def with_a_detached_maximum(x, dim=-1):
    shifted = x - x.detach().amax(dim, keepdim=True)
    return shifted - torch.log(torch.sum(torch.exp(shifted), dim, keepdim=True))


@log_softmax.variant
def term_by_term(x, dim=-1):
    """The logarithm of a sum, two terms at a time."""
    parts = x.unbind(dim)
    total = parts[0]
    for part in parts[1:]:
        total = torch.logaddexp(total, part)
    return x - total.unsqueeze(dim)
