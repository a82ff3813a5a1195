"""masked_mean: the mean of what counts."""

import math

import torch
from torch import Generator, rand, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import probability

masked_mean = Exercise(probability.masked_mean)


def _mean(x, mask, dim):
    """The right answer, for mistakes that spoil what goes in or comes out."""
    mask = mask.expand_as(x)
    return x.masked_fill(~mask, 0).sum(dim) / mask.sum(dim).clamp(min=1)


@masked_mean.case("two of three numbers, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([1.0, 3.0, 100.0]), tensor([True, True, False])), tensor(2.0))


@masked_mean.case("along an axis, or over everything", 2)
def axes(rng: Generator) -> list[Trial]:
    x, mask = randn(3, 4, 5, generator=rng), rand(3, 4, 5, generator=rng) < 0.6
    return [ask(x, mask, dim) for dim in (0, 1, -1)] + [ask(x, mask)]


@masked_mean.case("a mask of fewer axes serves them all")
def broadcast(rng: Generator) -> list[Trial]:
    x, mask = randn(3, 4, generator=rng), tensor([True, False, True, True])
    column = tensor([[True], [False], [True]])
    return [ask(x, mask), ask(x, mask, 1), ask(x, mask, 0), ask(x, column), ask(x, column, 0)]


@masked_mean.case(
    "what is left out has no say, not even inf or nan",
    judge=Unmoved(
        "Number 2 is left out. Whatever it is, the mean must not change.", lambda output: output
    ),
)
def no_say(rng: Generator) -> list[Trial]:
    x, mask = randn(5, generator=rng), tensor([True, True, False, True, False])
    other = x.clone()
    other[2], other[4] = math.inf, math.nan
    return [ask(x, mask), ask(other, mask)]


@masked_mean.case("inf and nan that count are in the mean")
def not_finite(rng: Generator) -> list[Trial]:
    x, mask = randn(3, 4, generator=rng), tensor([True, True, True, False])
    x[0, 1], x[1, 2], x[2, 3] = math.inf, math.nan, math.nan
    return [ask(x, mask, 1), ask(x[:1], mask)]


@masked_mean.case("the mean of nothing is 0")
def nothing(rng: Generator) -> list[Trial]:
    x, mask = randn(3, 4, generator=rng), rand(3, 4, generator=rng) < 0.7
    mask[1] = False
    return [ask(x, mask, 1), ask(x, torch.zeros(3, 4).bool())]


@masked_mean.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    x, mask = randn(2, 6, 4, generator=rng), rand(6, 4, generator=rng) < 0.5
    return [ask(x, mask, dim).with_gradients() for dim in (1, None)]


@masked_mean.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng), rand(2, 3, 5, generator=rng) < 0.6, dim=1)


@masked_mean.mistake(
    "It divides by the number of all entries, not of those that count.",
    "How many numbers did you add up, and by how many do you divide?",
)
def divided_by_all(x, mask, dim=None):
    return x.masked_fill(~mask, 0).mean(dim)


@masked_mean.mistake(
    "It counts the entries of the mask as given, before it is broadcast to x.",
    "A mask of 4 serves 3 rows. How many numbers are counted in all?",
)
def counted_before_broadcast(x, mask, dim=None):
    count = mask.sum(dim) if dim is None or mask.dim() == x.dim() else mask.sum()
    return x.masked_fill(~mask, 0).sum(dim) / count.clamp(min=1)


@masked_mean.mistake(
    "What is left out is multiplied by 0, and nan or inf times 0 is nan.",
    "What is inf * 0? Which operation puts a number in the place of another?",
)
def times_zero(x, mask, dim=None):
    return (x * mask).sum(dim) / mask.expand_as(x).sum(dim).clamp(min=1)


@masked_mean.mistake(
    "Where nothing counts it divides 0 by 0.",
    "By what do you divide when the mask is False everywhere? What does the task ask for then?",
)
def nothing_is_nan(x, mask, dim=None):
    return x.masked_fill(~mask, 0).sum(dim) / mask.expand_as(x).sum(dim)


@masked_mean.mistake(
    "The axis that the mean runs over is left in the result, with length 1.",
    "What shape has x.mean(dim)?",
)
def keeps_the_axis(x, mask, dim=None):
    mean = _mean(x, mask, dim)
    return mean.reshape((1,) * x.dim()) if dim is None else mean.unsqueeze(dim)


@masked_mean.mistake(
    "The mask is read the wrong way round: it averages what should be left out.",
    "Does True mean that a number counts, or that it is hidden?",
)
def inverted(x, mask, dim=None):
    return _mean(x, ~mask, dim)


@masked_mean.mistake(
    "The mask is not used: everything counts.", "Where in your code does `mask` appear?"
)
def everything(x, mask, dim=None):
    return x.mean(dim)


@masked_mean.mistake(
    "`dim` is ignored: it is always the mean over everything.",
    "Where in your code does `dim` appear? What shape has x[mask]?",
)
def always_everything(x, mask, dim=None):
    return _mean(x, mask, None)


@masked_mean.mistake(
    "Without a `dim` it averages along the last axis only.",
    "What shall `dim=None` stand for in this task?",
)
def none_is_last(x, mask, dim=None):
    return _mean(x, mask, -1 if dim is None else dim)


@masked_mean.mistake(
    "Over everything, it takes the mean of the rows' means: short rows weigh as much as long ones.",
    "A row with one number and a row with nine: what share of the mean should each number have?",
)
def mean_of_means(x, mask, dim=None):
    if dim is not None:
        return _mean(x, mask, dim)
    while x.dim():
        x, mask = _mean(x, mask, -1), mask.expand_as(x).any(-1)
    return x


@masked_mean.mistake("It returns the sum.", "By what is a sum divided to make it a mean?")
def the_sum(x, mask, dim=None):
    return x.masked_fill(~mask, 0).sum(dim)


@masked_mean.mistake(
    "It returns how many count, not their mean.", "Which numbers does your sum add up?"
)
def share_of_counted(x, mask, dim=None):
    return mask.expand_as(x).sum(dim).to(x.dtype)


@masked_mean.mistake(
    "It sets what is left out to 0 in the caller's own tensor.",
    "What does the underscore in masked_fill_ mean, and what does x[~mask] = 0 change?",
)
def in_place(x, mask, dim=None):
    return _mean(x.masked_fill_(~mask, 0), mask, dim)


@masked_mean.mistake(
    "Where nothing counts the result is nan instead of 0; elsewhere nan is dropped by nanmean.",
    "What does the mean of no numbers give you?",
)
def with_nanmean(x, mask, dim=None):
    return x.masked_fill(~mask, math.nan).nanmean(dim)


@masked_mean.mistake(
    "inf and nan are replaced everywhere, also where they count.",
    "If a number that counts is nan, should the mean hide that?",
)
def replaced_everywhere(x, mask, dim=None):
    return _mean(x.nan_to_num(0, 0, 0), mask, dim)


@masked_mean.mistake(
    "It divides by one less than the number of entries that count.",
    "How many numbers did you add up, and by how many do you divide?",
)
def one_less(x, mask, dim=None):
    mask = mask.expand_as(x)
    return x.masked_fill(~mask, 0).sum(dim) / (mask.sum(dim) - 1).clamp(min=1)


@masked_mean.variant
def with_where(x, mask, dim=None):
    mask = torch.broadcast_to(mask, x.shape)
    total = torch.where(mask, x, torch.zeros_like(x)).sum(dim=dim)
    return total / torch.clamp(mask.sum(dim=dim), min=1)


@masked_mean.variant
def weighted(x, mask, dim=None):
    weights = mask.to(x.dtype) * torch.ones_like(x)
    weights = weights / weights.sum(dim=dim, keepdim=dim is not None).clamp(min=1)
    return (weights * x.masked_fill(~mask, 0)).sum(dim)


@masked_mean.variant
def flattened_first(x, mask, dim=None):
    mask = mask.broadcast_to(x.shape)
    if dim is None:
        x, mask, dim = x.reshape(-1), mask.reshape(-1), 0
    count = mask.sum(dim)
    total = x.masked_fill(mask.logical_not(), 0.0).sum(dim)
    return torch.where(count > 0, total / count.clamp(min=1), torch.zeros_like(total))
