"""gelu: the soft switch, in its exact and its approximate form."""

import math

import torch
from torch import Generator, nn, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.block.at_worst import AtWorst
from autograder.trial import Trial, ask
from gradus import activation

gelu = Exercise(activation.gelu, instead_of=[F.gelu, nn.GELU])

ROOT = math.sqrt(2 / math.pi)


def _exact(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


def _tanh(x, root=ROOT, cubic=0.044715):
    return x * (1 + torch.tanh(root * (x + cubic * x**3))) / 2


GRID = torch.linspace(-6, 6, 121, dtype=torch.float64)
FAR = tensor([-1e4, -100.0, -20.0, 20.0, 100.0, 1e4])


@gelu.case(
    "0 and 1, by hand",
    hint="68.27 % of a normal distribution lie between -1 and 1: how much below 1?",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([0.0, 1.0, -1.0])), tensor([0.0, 0.8413447, -0.1586553]))


@gelu.case("the exact form from -6 to 6", 2, judge=AtWorst(GRID))
def exact(rng: Generator) -> list[Trial]:
    return [ask(GRID), ask(GRID.view(11, 11), False)]


@gelu.case("the approximate form from -6 to 6", 2, judge=AtWorst(GRID))
def approximate(rng: Generator) -> list[Trial]:
    return [ask(GRID, True)]


@gelu.case("far from zero", judge=AtWorst(FAR))
def far(rng: Generator) -> list[Trial]:
    return [ask(FAR, False), ask(FAR, True), ask(FAR.half(), True)]


@gelu.case("hidden inputs", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    x = 2 * randn(2, 3, 4, generator=rng, dtype=torch.float64)
    return [ask(x, flag).with_gradients() for flag in (False, True)]


@gelu.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng))


@gelu.mistake("It is a ReLU: all that is below 0 becomes 0.", "Should gelu(-1) be exactly 0?")
def relu(x, approximate=False):
    return x.relu()


@gelu.mistake(
    "It is a SiLU: x times its sigmoid.", "Which distribution's share does the task name?"
)
def silu(x, approximate=False):
    return x * x.sigmoid()


@gelu.mistake(
    "It multiplies by sigmoid(1.702 x), a coarser approximation.",
    "Which of the two formulas has a sigmoid?",
)
def quick(x, approximate=False):
    return x * torch.sigmoid(1.702 * x)


@gelu.mistake(
    "The two forms are exchanged: approximate gives the exact one.",
    "Which of your branches runs when approximate is True?",
)
def exchanged(x, approximate=False):
    return _exact(x) if approximate else _tanh(x)


@gelu.mistake("It is always the exact form.", "Where in your code is `approximate`?")
def always_exact(x, approximate=False):
    return _exact(x)


@gelu.mistake("It is always the approximate form.", "Where in your code is `approximate`?")
def always_tanh(x, approximate=False):
    return _tanh(x)


@gelu.mistake(
    "erf gets x itself, without the square root of 2.",
    "What does x stand divided by inside erf?",
)
def erf_of_x(x, approximate=False):
    return _tanh(x) if approximate else x * (1 + torch.erf(x)) / 2


@gelu.mistake(
    "x is multiplied by the square root of 2 inside erf, not divided by it.",
    "What does x stand divided by inside erf?",
)
def erf_multiplied(x, approximate=False):
    return _tanh(x) if approximate else x * (1 + torch.erf(x * math.sqrt(2))) / 2


@gelu.mistake(
    "The share is twice too large: it is not halved.", "How large is the share of a whole, at most?"
)
def not_halved(x, approximate=False):
    return 2 * (_tanh(x) if approximate else _exact(x))


@gelu.mistake(
    "The 1 is missing: the share goes from -1/2 to 1/2.", "Which share of the numbers lies below 0?"
)
def without_one(x, approximate=False):
    return (_tanh(x) if approximate else _exact(x)) - x / 2


@gelu.mistake(
    "It returns the share alone, not x times the share.", "What is the share multiplied by?"
)
def share_alone(x, approximate=False):
    if approximate:
        return (1 + torch.tanh(ROOT * (x + 0.044715 * x**3))) / 2
    return (1 + torch.erf(x / math.sqrt(2))) / 2


@gelu.mistake(
    "0.044715 is written 0.44715.", "Compare every digit of the constants with the task's?"
)
def ten_times(x, approximate=False):
    return _tanh(x, cubic=0.44715) if approximate else _exact(x)


@gelu.mistake(
    "0.044715 is written with too few digits.",
    "Compare every digit of the constants with the task's?",
)
def few_digits(x, approximate=False):
    return _tanh(x, cubic=0.044) if approximate else _exact(x)


@gelu.mistake(
    "The square root of 2 / pi is written as 2 / pi.", "What stands in front of the bracket?"
)
def no_root(x, approximate=False):
    return _tanh(x, root=2 / math.pi) if approximate else _exact(x)


@gelu.mistake(
    "2 and pi are exchanged: the root is that of pi / 2.", "What stands in front of the bracket?"
)
def pi_over_two(x, approximate=False):
    return _tanh(x, root=math.sqrt(math.pi / 2)) if approximate else _exact(x)


@gelu.mistake("x is squared, not cubed.", "Which power of x does the formula have?")
def squared(x, approximate=False):
    if approximate:
        return x * (1 + torch.tanh(ROOT * (x + 0.044715 * x**2))) / 2
    return _exact(x)


@gelu.mistake("The cubic term is missing.", "How many terms are there inside the bracket of tanh?")
def no_cube(x, approximate=False):
    return _tanh(x, cubic=0) if approximate else _exact(x)


@gelu.mistake(
    "The root multiplies x only, not the cubic term.", "Where do the brackets open and close?"
)
def root_of_x_only(x, approximate=False):
    return _tanh(x, cubic=0.044715 / ROOT) if approximate else _exact(x)


@gelu.mistake(
    "Numbers beyond 3 are cut off at both ends.",
    "What should become of 10, and of a gradient there?",
)
def clipped(x, approximate=False):
    x = x.clamp(-3, 3)
    return _tanh(x) if approximate else _exact(x)


@gelu.mistake(
    "No gradient flows through the share.",
    "Is there a detach, no_grad or a plain number in between?",
)
def share_detached(x, approximate=False):
    share = (_tanh(x) if approximate else _exact(x)) / x.masked_fill(x == 0, 1)
    return x * share.detach()


@gelu.variant
def by_formula(x, approximate=False):
    if approximate:
        inner = 0.7978845608028654 * x * (1.0 + 0.044715 * x * x)
        return 0.5 * x * (1.0 + torch.tanh(inner))
    return 0.5 * x * (1.0 + torch.erf(x * 0.7071067811865476))


@gelu.variant
def with_normal_distribution(x, approximate=False):
    if approximate:  # (1 + tanh(z)) / 2 is the sigmoid of 2 z
        return x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x.pow(3)))
    return x * torch.special.ndtr(x)


@gelu.variant
def with_complement(x, approximate=False):
    if not approximate:
        return x * 0.5 * torch.erfc(-x / 2**0.5)
    inner = (2 / torch.pi) ** 0.5 * torch.addcmul(x, x * x, x, value=0.044715)
    return torch.lerp(torch.zeros_like(x), x, (inner.tanh() + 1) * 0.5)
