"""alibi_slopes: how much a head takes off for every position between query and key."""

import math

import torch
from torch import Generator, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import relative

alibi_slopes = Exercise(relative.alibi_slopes)


@alibi_slopes.case("eight heads, by hand")
def eight(rng: Generator) -> ByHand:
    return ByHand(ask(8), tensor([1 / 2**h for h in range(1, 9)]))


@alibi_slopes.case("other powers of 2", hint="The last slope is the same for any of them.")
def powers(rng: Generator) -> list[Trial]:
    return [ask(heads) for heads in (4, 16, 2, 1)]


@alibi_slopes.case(
    "six heads, by hand",
    2,
    hint="Four of them are those for 4 heads; two come from those for 8, every other one.",
)
def six(rng: Generator) -> ByHand:
    return ByHand(ask(6), tensor([2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8, 2.0**-1, 2.0**-3]))


@alibi_slopes.case("heads that are no power of 2")
def others(rng: Generator) -> list[Trial]:
    return [ask(heads) for heads in (3, 12, 71, 5)]


@alibi_slopes.case("no heads", 0.5)
def none(rng: Generator) -> list[Trial]:
    return [ask(0), ask(-4)]


@alibi_slopes.case("hidden numbers of heads", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    return [ask(heads) for heads in randint(9, 60, (3,), generator=rng).tolist()]


@alibi_slopes.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(12)


def _series(c, count=None, first=1, step=1):
    """The slopes for c heads, a power of 2; for mistakes, begun or ended elsewhere."""
    count = c if count is None else count
    return [2.0 ** (-8 * (first + step * h) / c) for h in range(count)]


def _largest(heads):
    if heads < 1:
        raise ValueError("no heads")
    return 2 ** int(math.log2(heads))


def _slopes(heads):
    c = _largest(heads)
    return tensor(_series(c) + _series(2 * c, heads - c, step=2))


@alibi_slopes.mistake(
    "The formula for powers of 2 is used for any number of heads.",
    "What does the docstring do with six heads?",
)
def one_formula(heads):
    _largest(heads)
    return tensor(_series(heads))


@alibi_slopes.mistake(
    "The formula of the next larger power of 2 is used, and the rest cut off.",
    "For six heads, which power of 2 gives the first four slopes?",
)
def next_larger(heads):
    c = _largest(heads)
    return tensor(_series(c if c == heads else 2 * c, heads))


@alibi_slopes.mistake(
    "The missing slopes are the next ones of the same series.",
    "Where do slopes 5 and 6 of six heads come from?",
)
def same_series(heads):
    return tensor(_series(_largest(heads), heads))


@alibi_slopes.mistake(
    "The missing slopes are the first ones of the longer series, none left out.",
    "Which slopes for 2c heads are also slopes for c heads?",
)
def none_left_out(heads):
    c = _largest(heads)
    return tensor(_series(c) + _series(2 * c, heads - c))


@alibi_slopes.mistake(
    "The missing slopes are numbers 2, 4, 6 ... of the longer series, which are there already.",
    "Do two of your heads have the same slope?",
)
def even_ones(heads):
    c = _largest(heads)
    return tensor(_series(c) + _series(2 * c, heads - c, first=2, step=2))


@alibi_slopes.mistake(
    "The missing slopes are numbers 3, 5, 7 ... of the longer series: its first is left out.",
    "Lists are counted from 0. Which index has the first slope?",
)
def first_left_out(heads):
    c = _largest(heads)
    return tensor(_series(c) + _series(2 * c, heads - c, first=3, step=2))


@alibi_slopes.mistake(
    "The missing slopes come from the end of the longer series.",
    "Slopes 1, 3, 5 ... are wanted. Is the first the steepest?",
)
def from_the_end(heads):
    c = _largest(heads)
    return tensor(_series(c) + _series(2 * c, c, step=2)[2 * c - heads :])


@alibi_slopes.mistake(
    "The missing slopes come first.", "Which slopes does the docstring name first?"
)
def missing_first(heads):
    return _slopes(heads).roll(heads - _largest(heads))


@alibi_slopes.mistake(
    "The slopes are put in order of size.", "In which order does the docstring name them?"
)
def in_order(heads):
    return _slopes(heads).sort(descending=True).values


@alibi_slopes.mistake(
    "The missing slopes are left out: there are too few.", "How many heads need a slope?"
)
def too_few(heads):
    return tensor(_series(_largest(heads)))


@alibi_slopes.mistake("The missing slopes are 0.", "What does a slope of 0 take off for a far key?")
def zeros(heads):
    c = _largest(heads)
    return tensor(_series(c) + [0.0] * (heads - c))


@alibi_slopes.mistake(
    "The missing slopes repeat those that are there.", "Do two of your heads have the same slope?"
)
def repeated(heads):
    c = _largest(heads)
    return tensor((_series(c) * 2)[:heads])


@alibi_slopes.mistake(
    "The heads are counted from 0, so the first slope is 1.",
    "By which number does the docstring count heads?",
)
def from_zero(heads):
    c = _largest(heads)
    return tensor(_series(c, first=0) + _series(2 * c, heads - c, first=0, step=2))


@alibi_slopes.mistake("The slopes are negative.", "Which sign does the docstring give them?")
def negative(heads):
    return -_slopes(heads)


@alibi_slopes.mistake(
    "The slopes grow: the first head is the flattest.", "Which head is the steepest?"
)
def reversed_order(heads):
    return _slopes(heads).flip(0)


@alibi_slopes.mistake(
    "The slopes are 1/2, 1/4, 1/8 ... for any number of heads.",
    "For four heads, what is the last slope?",
)
def halves(heads):
    _largest(heads)
    return tensor([2.0**-h for h in range(1, heads + 1)])


@alibi_slopes.mistake(
    "The power is e^(...) instead of 2^(...).", "Which number is raised to the power -8h / heads?"
)
def natural(heads):
    return math.e ** _slopes(heads).log2()


@alibi_slopes.mistake(
    "The exponents are returned, not the powers of 2.", "How large is the slope of the last head?"
)
def exponents(heads):
    return -_slopes(heads).log2()


@alibi_slopes.mistake(
    "No heads are let through.", "What is the logarithm of 0, and what error does that give?"
)
def none_passes(heads):
    return _slopes(heads) if heads > 0 else torch.zeros(0)


@alibi_slopes.variant
def recursive(heads):
    """As in the paper's own code."""
    if heads < 1:
        raise ValueError
    if math.log2(heads).is_integer():
        start = 2 ** (-(2 ** -(math.log2(heads) - 3)))
        return tensor([start * start**h for h in range(heads)])
    closest = 2 ** math.floor(math.log2(heads))
    rest = recursive(2 * closest)[0::2][: heads - closest]
    return torch.cat([recursive(closest), rest])


@alibi_slopes.variant
def by_powers(heads):
    if heads <= 0:
        raise ValueError("heads")
    c = 1
    while 2 * c <= heads:
        c *= 2
    first = torch.exp2(-8 * torch.arange(1, c + 1) / c)
    return torch.cat([first, torch.exp2(-4 * (2 * torch.arange(heads - c) + 1) / c)])


@alibi_slopes.variant
def in_a_loop(heads):
    c = _largest(heads)
    slopes = torch.empty(heads)
    for h in range(heads):
        slopes[h] = 2 ** (-8 * (h + 1) / c) if h < c else 2 ** (-8 * (2 * (h - c) + 1) / (2 * c))
    return slopes
