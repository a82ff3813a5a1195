"""fit_parametric: the law's five numbers from many runs."""

import math

import numpy as np
import torch
from torch import Generator, Tensor, rand, randn
from torch.nn import functional as F

from autograder.exercise import Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import parametric
from gradus.scaling.law import chinchilla_loss

UNITS = ["for E", "for A", "for B", "for alpha", "for beta"]
# A and B hang on alpha and beta: an error of 1 % in an exponent is one of 5 % in its factor.
SHARES = (0.01, 0.05, 0.05, 0.01, 0.01)
JUDGE = Numbers(UNITS, (), SHARES)
fit_parametric = Exercise(parametric.fit_parametric, returns=UNITS)

NEAR = (1.5, 300.0, 300.0, 0.3, 0.3)
FAR = (1.0, 2e3, 3e3, 0.5, 0.5)
# Exponents of 2 make both terms vanish: only E can be seen to matter, and the fit goes nowhere.
HOPELESS = (2.0, 1e6, 1e6, 2.0, 2.0)
LOST = (3.0, 10.0, 10.0, 1.5, 2.0)


def planted(law, rng, noise=0.0, many=6) -> tuple[Tensor, Tensor, Tensor]:
    """Runs of a law: sizes from 30 million to 10 billion, 2 to 400 tokens for each parameter."""
    sizes = 10 ** torch.linspace(7.5, 10.0, many).double()
    ratios = 10 ** torch.linspace(0.3, 2.6, many).double()
    params = sizes.repeat_interleave(many)
    tokens = params * ratios.repeat(many)
    noises = noise * randn(many * many, generator=rng, dtype=torch.float64)
    return params, tokens, chinchilla_loss(params, tokens, law) * noises.exp()


def spoiled(law, rng, count=5) -> tuple[Tensor, Tensor, Tensor]:
    """The same, with a few runs that went wrong: up to 8 % more loss."""
    params, tokens, losses = planted(law, rng, noise=2e-4)
    losses[:: 36 // count] *= 1.05 + 0.03 * rand(len(losses[:: 36 // count]), generator=rng)
    return params, tokens, losses


@fit_parametric.case("a law that was planted, and a start near it", judge=JUDGE)
def near(rng: Generator) -> Trial:
    return ask(*planted((1.69, 410.0, 1100.0, 0.3449, 0.2849), rng), [NEAR])


@fit_parametric.case(
    "two starts lead nowhere, one to the goal",
    2,
    judge=JUDGE,
    hint="From each start a fit; the one with the least sum counts, wherever it stands.",
)
def poor_starts(rng: Generator) -> Trial:
    runs = planted((1.8172, 482.01, 2085.43, 0.3478, 0.3658), rng)
    return ask(*runs, [HOPELESS, NEAR, LOST])


@fit_parametric.case(
    "a few runs went wrong",
    2,
    judge=JUDGE,
    hint="Beyond delta a distance counts once, not squared: a bad run has little say.",
)
def outliers(rng: Generator) -> Trial:
    return ask(*spoiled((1.7, 350.0, 900.0, 0.33, 0.31), rng), [NEAR])


@fit_parametric.case("another delta", judge=JUDGE)
def other_delta(rng: Generator) -> Trial:
    return ask(*spoiled((1.7, 350.0, 900.0, 0.33, 0.31), rng, count=9), [NEAR], 0.03)


@fit_parametric.case(
    "many runs, and a start far away",
    judge=JUDGE,
    hint="Is it really at the lowest point where it stops, or does only the search believe so?",
)
def far(rng: Generator) -> Trial:
    law = (1.69, 410.0, 1100.0, 0.3449, 0.2849)
    return ask(*planted(law, rng, noise=1e-4, many=14), [FAR], 2e-4)


@fit_parametric.case("a hidden law", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> Trial:
    a, b, c, d = rand(4, generator=rng).double().tolist()
    law = (1.4 + 0.5 * a, 300 + 200 * b, 800 + 900 * c, 0.31 + 0.03 * d, 0.345 + 0.03 * a)
    return ask(*planted(law, rng, noise=1e-4), [HOPELESS, NEAR])


@fit_parametric.house_rules(0.5, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    return ask(*planted((1.8, 400.0, 1200.0, 0.34, 0.33), rng, many=5), [NEAR])


def best_of(starts, fit):
    """The end with the least sum; `fit` gives (sum, law) for one start."""
    return min(fit(start) for start in starts)[1]


def minimise(distance, guess: list[float], **how) -> tuple[float, list[float]]:
    """LBFGS on `distance`; returns where it is least, and how little that is."""
    numbers = torch.tensor(guess, dtype=torch.float64, requires_grad=True)
    usual = {"max_iter": 400, "tolerance_grad": 1e-13, "tolerance_change": 1e-16}
    optimiser = torch.optim.LBFGS([numbers], line_search_fn="strong_wolfe", **usual | how)

    def closure():
        optimiser.zero_grad()
        value = distance(numbers)
        value.backward()
        return value

    optimiser.step(closure)
    return distance(numbers).item(), numbers.tolist()


@fit_parametric.variant
def straight_from_the_paper(params, tokens, losses, starts, delta=1e-3):
    n, d, target = (x.double().log() for x in (params, tokens, losses))

    def distance(numbers):
        e, a, b, alpha, beta = numbers
        terms = torch.stack([e.expand_as(n), a - alpha * n, b - beta * d])
        return F.huber_loss(torch.logsumexp(terms, 0), target, reduction="sum", delta=delta)

    def fit(start):
        E, A, B, alpha, beta = start
        guess = [math.log(E), math.log(A), math.log(B), alpha, beta]
        value, (e, a, b, alpha, beta) = minimise(distance, guess, max_iter=1500, history_size=20)
        return value, (math.exp(e), math.exp(a), math.exp(b), alpha, beta)

    return best_of(starts, fit)


@fit_parametric.variant
def scaled_and_in_the_open(params, tokens, losses, starts, delta=1e-3):
    """Sizes in units of their middle, no log-sum-exp, Huber written out, a mean."""
    n, d, target = params.double(), tokens.double(), losses.double()
    n0, d0 = n.log().mean().exp(), d.log().mean().exp()

    def distance(numbers):
        e, a, b, alpha, beta = numbers
        fitted = e.exp() + a.exp() * (n / n0) ** -alpha + b.exp() * (d / d0) ** -beta
        off = (fitted.log() - target.log()).abs()
        return torch.where(off < delta, off**2 / 2, delta * (off - delta / 2)).mean() * 1e4

    def fit(start):
        E, A, B, alpha, beta = start
        guess = [math.log(E), math.log(A / n0**alpha), math.log(B / d0**beta), alpha, beta]
        value, (e, a, b, alpha, beta) = minimise(distance, guess)
        A, B = math.exp(a) * n0**alpha, math.exp(b) * d0**beta
        return value, (math.exp(e), A.item(), B.item(), alpha, beta)

    return best_of(starts, fit)


@fit_parametric.variant
def by_weighted_least_squares(params, tokens, losses, starts, delta=1e-3):
    """Levenberg and Marquardt; a distance beyond delta gets a weight of delta / distance."""
    n, d, target = (x.double().log().numpy() for x in (params, tokens, losses))
    n0, d0 = n.mean(), d.mean()
    x1, x2 = n - n0, d - d0

    def look(numbers):
        e, a, b, alpha, beta = numbers
        parts = np.exp([e + 0 * x1, a - alpha * x1, b - beta * x2])
        total = parts.sum(0)
        share = parts / total
        off = np.log(total) - target
        far = np.abs(off)
        value = np.where(far < delta, off**2 / 2, delta * (far - delta / 2)).sum()
        slopes = np.stack([share[0], share[1], share[2], -x1 * share[1], -x2 * share[2]], 1)
        return value, off, slopes

    def fit(start):
        E, A, B, alpha, beta = start
        now = np.array([np.log(E), np.log(A) - alpha * n0, np.log(B) - beta * d0, alpha, beta])
        damping = 1e-3
        value, off, slopes = look(now)
        for _ in range(600):
            weight = delta / np.maximum(np.abs(off), delta)
            bend = slopes.T @ (slopes * weight[:, None])
            bend += damping * np.diag(np.diag(bend) + 1e-12)
            step = np.linalg.solve(bend, slopes.T @ (weight * off))
            with np.errstate(over="ignore"):
                new = look(now - step)
            if new[0] < value:
                now, damping = now - step, max(damping / 5, 1e-12)
                value, off, slopes = new
            else:
                damping = min(damping * 5, 1e6)
        e, a, b, alpha, beta = now.tolist()
        law = (math.exp(e), math.exp(a + alpha * n0), math.exp(b + beta * d0), alpha, beta)
        return float(value), tuple(map(float, law))

    return best_of(starts, fit)
