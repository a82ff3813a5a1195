"""compute_optimal: the best that a budget can buy."""

import math

from torch import Generator, rand

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import optimum
from gradus.scaling.coefficients import BESIROGLU, HOFFMANN, HOFFMANN_UNROUNDED

UNITS = ["parameters", "tokens"]
compute_optimal = Exercise(optimum.compute_optimal, returns=UNITS)

# With equal exponents of 1, A / N + B / D is least where A · D = B · N: here D = 4 N, and
# 6 · 5 · 20 = 600.
BY_HAND = ask(600.0, (1.7, 2.0, 8.0, 1.0, 1.0))
BUDGETS = [ask(flops, BESIROGLU.law) for flops in (1e17, 1e21, 1e25)]
UNEQUAL = [
    ask(1e20, (1.0, 500.0, 500.0, 0.3, 0.6)),
    ask(1e20, (1.0, 500.0, 500.0, 0.6, 0.3)),
    ask(1e18, (2.0, 50.0, 2000.0, 0.4, 0.4)),
    ask(1e18, (2.0, 2000.0, 50.0, 0.4, 0.4)),
]
SETS = [ask(5.76e23, given.law) for given in (HOFFMANN, HOFFMANN_UNROUNDED, BESIROGLU)]


def judge_of(trials=(), share=1e-3):
    return Numbers(UNITS, trials, (share,))


@compute_optimal.case(
    "exponents of 1, by hand",
    0.5,
    judge=judge_of([BY_HAND]),
    hint="With D = C/(6N), the loss is a sum of two terms in N. Where is its slope 0?",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, (5.0, 20.0))


@compute_optimal.case("small and large budgets", judge=judge_of(BUDGETS))
def budgets(rng: Generator) -> list[Trial]:
    return BUDGETS


@compute_optimal.case(
    "laws with unequal terms",
    2,
    judge=judge_of(UNEQUAL),
    hint="A steep term is paid off soon; the flat one is where more of the budget has to go.",
)
def unequal(rng: Generator) -> list[Trial]:
    return UNEQUAL


@compute_optimal.case("Gopher's budget, three published laws", judge=judge_of(SETS))
def published(rng: Generator) -> list[Trial]:
    return SETS


@compute_optimal.case("a hidden law", hidden=True, judge=judge_of())
def hidden(rng: Generator) -> list[Trial]:
    a, b, c, d, e = rand(5, generator=rng).double().tolist()
    made = (1 + a, 100 + 300 * b, 900 + 900 * c, 0.25 + 0.1 * d, 0.5 + 0.1 * e)
    return [ask(3e19, made), ask(10 ** (21 + 3 * a), made)]


@compute_optimal.house_rules(0.5, judge=judge_of())
def typical(rng: Generator) -> Trial:
    return ask(3e21, HOFFMANN_UNROUNDED.law)


@compute_optimal.variant
def tokens_first(flops, law):
    E, A, B, alpha, beta = law
    inverse = (beta * B / (alpha * A)) ** (1 / (alpha + beta))
    tokens = inverse * (flops / 6) ** (alpha / (alpha + beta))
    return flops / (6 * tokens), tokens


@compute_optimal.variant
def where_the_slope_is_zero(flops, law):
    _, A, B, alpha, beta = law

    def slope(x):
        """Of the loss over log(params): negative while a larger model is better."""
        params = math.exp(x)
        return -alpha * A / params**alpha + beta * B / (flops / 6 / params) ** beta

    low, high = 0.0, math.log(flops / 6)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return math.exp(low), flops / 6 / math.exp(low)


@compute_optimal.variant
def by_golden_sections(flops, law):
    E, A, B, alpha, beta = law

    def loss(x):
        return A * math.exp(-alpha * x) + B * math.exp(-beta * (math.log(flops / 6) - x))

    golden = (math.sqrt(5) - 1) / 2
    low, high = 0.0, math.log(flops / 6)
    for _ in range(120):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    params = math.exp((low + high) / 2)
    return params, flops / (6 * params)


@compute_optimal.variant
def by_trying_finely(flops, law):
    E, A, B, alpha, beta = law
    centre, width = math.log(flops / 6) / 2, math.log(flops / 6) / 2

    def loss(x):
        return A / math.exp(x) ** alpha + B / (flops / 6 / math.exp(x)) ** beta

    for _ in range(12):
        tried = [centre + width * (i / 50 - 1) for i in range(101)]
        centre = min(tried, key=loss)
        width /= 10
    return math.exp(centre), flops / 6 / math.exp(centre)
