"""What people get wrong in softmax."""

import math

from autograder.exercises.warmup.softmax import softmax


def _shares(x, dim):
    """The right answer, for mistakes that spoil what goes in or comes out."""
    powers = (x - x.amax(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)


@softmax.mistake(
    "exp runs on the scores as they are, and overflows when they are large.",
    "What is exp(200) as a float32? Which number could you take off all scores beforehand?",
)
def no_maximum(x, dim=-1):
    return x.exp() / x.exp().sum(dim, keepdim=True)


@softmax.mistake(
    "The largest score of the whole tensor is taken off, not that of each slice.",
    "What becomes of a row in which every score is far below the best score of another row?",
)
def global_maximum(x, dim=-1):
    powers = (x - x.max()).exp()
    return powers / powers.sum(dim, keepdim=True)


@softmax.mistake(
    "`dim` is ignored: the shares always sum to 1 along the last axis.",
    "Where in your code does `dim` appear?",
)
def last_axis(x, dim=-1):
    return _shares(x, -1)


@softmax.mistake(
    "`dim` is ignored: the shares always sum to 1 along axis 1.",
    "Where in your code does `dim` appear, and where a plain 1?",
)
def axis_one(x, dim=-1):
    return _shares(x, 1 if x.dim() > 1 else 0)


@softmax.mistake(
    "The shares sum to 1 over the whole tensor instead of along `dim`.",
    "Over which axis does your sum run?",
)
def whole_tensor(x, dim=-1):
    powers = (x - x.amax(dim, keepdim=True)).exp()
    return powers / powers.sum()


@softmax.mistake(
    "The maximum loses its axis, so it lines up with the wrong axis of x.",
    "What shape has the maximum of a (4, 4) tensor along `dim`? Along which axis is it taken off?",
)
def maximum_without_keepdim(x, dim=-1):
    powers = (x - x.amax(dim)).exp()
    return powers / powers.sum(dim, keepdim=True)


@softmax.mistake(
    "The sum loses its axis, so it lines up with the wrong axis of x.",
    "What shape has the sum of a (4, 4) tensor along `dim`? Which axis does it then divide?",
)
def sum_without_keepdim(x, dim=-1):
    powers = (x - x.amax(dim, keepdim=True)).exp()
    return powers / powers.sum(dim)


@softmax.mistake(
    "The maximum is taken off x in place, so the caller's tensor changes.",
    "Does `x -= ...` make a new tensor?",
)
def in_place(x, dim=-1):
    x -= x.amax(dim, keepdim=True)
    return _shares(x, dim)


@softmax.mistake(
    "The result is cut off from the gradient.",
    "Is there a detach, a .data, a no_grad or a new tensor made from numbers?",
)
def detached(x, dim=-1):
    return _shares(x.detach(), dim)


@softmax.mistake(
    "A small number is added to the sum to keep it from being 0; the shares then sum to 0 instead.",
    "When is the sum of exp(x) 0, although one score is the best? What would prevent that?",
)
def small_number(x, dim=-1):
    return x.exp() / (x.exp().sum(dim, keepdim=True) + 1e-9)


@softmax.mistake(
    "It divides by the largest power instead of the sum of all.",
    "What should the shares sum to?",
)
def by_the_largest(x, dim=-1):
    return (x - x.amax(dim, keepdim=True)).exp()


@softmax.mistake("It raises 2 to the scores, not e.", "What is the base of exp?")
def powers_of_two(x, dim=-1):
    return _shares(x * math.log(2), dim)


@softmax.mistake(
    "It returns the logarithms of the shares.", "Can a share be negative? Which step is the last?"
)
def logarithms(x, dim=-1):
    return _shares(x, dim).log()


@softmax.mistake(
    "The scores are clamped to fit into exp, so large ones become equal.",
    "What are the shares of 60 and 60.5 once both are cut to 50?",
)
def clamped(x, dim=-1):
    return _shares(x.clamp(-50, 50), dim)


@softmax.mistake(
    "The sign of the scores is turned: the smallest gets the most.",
    "Is it maximum minus x, or x minus maximum?",
)
def turned(x, dim=-1):
    return _shares(-x, dim)


@softmax.mistake(
    "The scores are divided by their sum, without exp.", "Which share gets a score of 0?"
)
def no_exp(x, dim=-1):
    return x / x.sum(dim, keepdim=True)


@softmax.mistake(
    "The smallest score is taken off instead of the largest.",
    "After your subtraction, how large can the largest score be?",
)
def smallest(x, dim=-1):
    powers = (x - x.amin(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)


@softmax.mistake(
    "The largest absolute score is taken off, which is too much where all scores are below 0.",
    "For the scores -200 and -199, what do you take off, and what does exp get?",
)
def largest_absolute(x, dim=-1):
    powers = (x - x.abs().amax(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)


@softmax.mistake(
    "The mean score is taken off instead of the largest.",
    "After your subtraction, how large can the largest score be?",
)
def average(x, dim=-1):
    powers = (x - x.mean(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)
