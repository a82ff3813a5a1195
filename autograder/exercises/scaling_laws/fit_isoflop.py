"""fit_isoflop: the best size for each budget, and the law behind them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Generator, rand, randn, randperm

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.observation import Observation
from autograder.trial import Trial, ask
from autograder.words import Words
from gradus.scaling import isoflop
from gradus.scaling.coefficients import BESIROGLU, HOFFMANN_UNROUNDED
from gradus.scaling.law import chinchilla_loss

UNITS = ["the best sizes", "as the exponent", "as the factor"]
SHARE = 1e-4
fit_isoflop = Exercise(isoflop.fit_isoflop, returns=UNITS)


@dataclass
class Sizes(Numbers):
    """Tells at which budget a best size is off."""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Look at the best sizes first."""
        got, expected = one.outputs[-1], right.outputs[-1]
        if isinstance(got, list | tuple) and len(got) == 3:
            text = _best(got[0], expected[0])
            if text:
                return text
        return super().outputs(one, right, words)


def _best(got: Any, expected: Any) -> str | None:
    """The first best size that is off; None where none is, or where these are no pairs."""
    whole = isinstance(got, list | tuple) and len(got) == len(expected)
    if not whole or not all(isinstance(p, list | tuple) and len(p) == 2 for p in got):
        return None
    if any(not isinstance(number, int | float) for point in got for number in point):
        return None
    for (budget, size), (flops, best) in zip(got, expected, strict=True):
        if not math.isclose(budget, flops, rel_tol=SHARE):
            return f"The first of each pair is the budget: expected {flops:.4g}, got {budget:.4g}."
        if not math.isclose(size, best, rel_tol=SHARE):
            return f"At {flops:.3g} FLOPs: expected a best size of {best:.5g}, got {size:.5g}."
    return None


JUDGE = Sizes(UNITS, (), (SHARE,))

# Lowest in the middle: 1e8 at the smaller budget and 1e9 at the larger.
BY_HAND = ask(
    [(1e18, 1e7, 3.5), (1e18, 1e8, 3.0), (1e18, 1e9, 3.5)]
    + [(1e20, 1e8, 2.75), (1e20, 1e9, 2.25), (1e20, 1e10, 2.75)]
)
GOOD = [(1e18, 1e7, 3.5), (1e18, 1e8, 3.0), (1e18, 1e9, 3.6)]
OPEN_BELOW = [(1e20, 1e8, 2.25), (1e20, 1e9, 2.75), (1e20, 1e10, 2.35)]
TOO_SMALL = [(1e20, 1e7, 3.4), (1e20, 3e7, 3.0), (1e20, 1e8, 2.8), (1e20, 2e8, 2.75)]
TOO_LARGE = [(1e20, 1e9, 2.3), (1e20, 3e9, 2.5), (1e20, 1e10, 2.9)]
FLAT_LINE = [(1e20, 1e8, 2.0), (1e20, 1e9, 2.0), (1e20, 1e10, 2.0)]
TWO_SIZES = [(1e20, 1e8, 2.75), (1e20, 1e9, 2.25), (1e20, 1e9, 2.26)]


def runs_of(law, budgets, spread, count, rng, noise=0.0, shift=0.0, shuffled=False):
    """Runs around the best size of each budget, `spread` powers of ten to each side."""
    runs = []
    for flops in budgets:
        _, A, B, alpha, beta = law
        best = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
        best *= (flops / 6) ** (beta / (alpha + beta))
        for place in torch.linspace(-spread + shift, spread + shift, count).tolist():
            size = best * 10**place
            loss = chinchilla_loss(size, flops / 6 / size, law)
            runs.append((flops, size, loss + noise * randn(1, generator=rng).item()))
    if shuffled:
        runs = [runs[i] for i in randperm(len(runs), generator=rng)]
    return runs


@fit_isoflop.case(
    "two budgets, lowest in the middle, by hand",
    0.5,
    judge=JUDGE,
    hint="A hundred times the budget, ten times the size: an exponent of 1/2.",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, ([(1e18, 1e8), (1e20, 1e9)], 0.5, 0.1))


@fit_isoflop.case(
    "the lowest point lies between two sizes",
    2,
    judge=JUDGE,
    hint="It is the lowest point of the parabola, not the best of the runs.",
)
def between(rng: Generator) -> Trial:
    return ask(runs_of(BESIROGLU.law, (1e18, 1e19, 1e20), 0.7, 6, rng, shift=0.13))


@fit_isoflop.case("measured losses, far from the best size too", judge=JUDGE)
def noisy(rng: Generator) -> Trial:
    budgets = (6e18, 3e19, 1e20, 3e21)
    return ask(runs_of(HOFFMANN_UNROUNDED.law, budgets, 1.2, 9, rng, noise=0.02, shift=0.2))


@fit_isoflop.case(
    "runs in any order, not equally many for each budget",
    judge=JUDGE,
    hint="Which runs belong together is told by their FLOPs alone.",
)
def mixed(rng: Generator) -> Trial:
    runs = runs_of(BESIROGLU.law, (1e21, 3e18, 1e20), 0.6, 5, rng, noise=0.003)
    more = runs_of(BESIROGLU.law, (1e20,), 0.9, 4, rng, noise=0.003)
    both = runs + more
    return ask([both[i] for i in randperm(len(both), generator=rng)])


@fit_isoflop.case("sizes in billions", judge=JUDGE, hint="Their logarithms may be negative.")
def in_billions(rng: Generator) -> Trial:
    places = (-4.0, -2.5, -1.5, 0.5, 2.0, 4.0)
    small = [(2.0, math.exp(x), 2 + 0.1 * (x + 1) ** 2) for x in places]
    return ask(small + [(50.0, math.exp(x), 1.5 + 0.1 * (x - 1) ** 2) for x in places])


@fit_isoflop.case(
    "a parabola without a lowest point, or with one where nobody looked",
    judge=JUDGE,
    hint="Is the lowest point among the sizes that were tried?",
)
def no_lowest(rng: Generator) -> list[Trial]:
    return [ask(GOOD + OPEN_BELOW), ask(GOOD + TOO_SMALL), ask(TOO_LARGE + GOOD)]


@fit_isoflop.case("too few sizes, or too few budgets", 0.5, judge=JUDGE)
def too_few(rng: Generator) -> list[Trial]:
    return [ask(GOOD + TWO_SIZES), ask(GOOD + TWO_SIZES[:2]), ask(GOOD)]


@fit_isoflop.case("hidden runs", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> Trial:
    a, b, c = rand(3, generator=rng).double().tolist()
    law = (1.5 + a, 300 + 200 * b, 900 + 900 * c, 0.30 + 0.02 * a, 0.36 + 0.02 * c)
    budgets = [10 ** (18 + a), 10 ** (19.5 + b), 10 ** (21 + c)]
    return ask(runs_of(law, budgets, 0.9, 7, rng, noise=0.002, shift=0.2, shuffled=True))


@fit_isoflop.house_rules(0.5, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    return ask(runs_of(BESIROGLU.law, (1e19, 1e20), 0.8, 5, rng, shift=0.1))


@fit_isoflop.variant
def in_powers_of_ten(runs):
    groups: dict[float, list[tuple[float, float]]] = {}
    for flops, params, loss in runs:
        groups.setdefault(flops, []).append((math.log10(params), loss))
    best = []
    for flops, points in sorted(groups.items()):
        x, y = zip(*points, strict=True)
        if len(set(x)) < 3:
            raise ValueError("too few sizes")
        c2, c1, c0 = np.polyfit(x, y, 2)
        if not c2 > 0:
            raise ValueError("no lowest point")
        lowest = -c1 / 2 / c2
        if lowest < min(x) or lowest > max(x):
            raise ValueError("outside")
        best.append((flops, 10**lowest))
    if len(best) == 1:
        raise ValueError("one budget")
    x, y = np.log10([b for b, _ in best]), np.log10([n for _, n in best])
    slope, height = np.polyfit(x, y, 1)
    return best, slope, 10**height


@fit_isoflop.variant
def with_torch(runs):
    table = torch.tensor(runs, dtype=torch.float64)
    best = []
    for flops in table[:, 0].unique():
        rows = table[table[:, 0] == flops]
        x = rows[:, 1].log()
        if x.unique().numel() < 3:
            raise ValueError
        middle = x.mean()
        design = torch.stack([(x - middle) ** 2, x - middle, torch.ones_like(x)], dim=1)
        c2, c1, _ = torch.linalg.lstsq(design, rows[:, 2:], driver="gelsd").solution[:, 0]
        lowest = middle - c1 / (2 * c2)
        if c2 <= 0 or not x.min() <= lowest <= x.max():
            raise ValueError
        best.append((flops.item(), lowest.exp().item()))
    if len(best) < 2:
        raise ValueError
    x, y = torch.tensor(best, dtype=torch.float64).log().T
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return best, slope.item(), (y.mean() - slope * x.mean()).exp().item()


@fit_isoflop.variant
def with_polynomial_objects(runs):
    from numpy.polynomial import Polynomial

    best = []
    for flops in sorted({run[0] for run in runs}):
        chosen = [run for run in runs if run[0] == flops]
        x = np.log(np.array([run[1] for run in chosen]))
        if len(np.unique(x)) < 3:
            raise ValueError("three sizes")
        parabola = Polynomial.fit(x, np.array([run[2] for run in chosen]), 2)
        [lowest] = parabola.deriv().roots()
        if parabola.deriv(2)(0) <= 0 or not x.min() <= lowest <= x.max():
            raise ValueError("no lowest point there")
        best.append((flops, float(np.exp(lowest))))
    if len(best) < 2:
        raise ValueError("two budgets")
    line = Polynomial.fit(*np.log(np.array(best)).T, 1).convert()
    return best, float(line.coef[1]), float(np.exp(line.coef[0]))
