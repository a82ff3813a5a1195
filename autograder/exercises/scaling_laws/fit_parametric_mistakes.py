"""What goes wrong in the search of fit_parametric."""

import math

import torch
from torch.nn import functional as F

from autograder.exercises.scaling_laws.fit_parametric import best_of, fit_parametric, minimise


def _huber(delta):
    return lambda fitted, target: F.huber_loss(fitted, target, reduction="sum", delta=delta)


def _fits(params, tokens, losses, starts, apart, *, logs=True, e=True, factor=1.0, **how):
    """All fits: (sum, law) for each start, with another distance or another search."""
    n, d, target = (x.double().log() for x in (params, tokens, losses))
    n0, d0 = n.mean().item(), d.mean().item()
    aim = target if logs else target.exp()

    def distance(numbers):
        floor, a, b, alpha, beta = numbers
        terms = [a - alpha * (n - n0), b - beta * (d - d0)]
        fitted = torch.stack([*terms, floor.expand_as(n)] if e else terms).logsumexp(0)
        return factor * apart(fitted if logs else fitted.exp(), aim)

    def fit(start):
        E, A, B, alpha, beta = start
        guess = [math.log(E), math.log(A) - alpha * n0, math.log(B) - beta * d0, alpha, beta]
        value, (floor, a, b, alpha, beta) = minimise(distance, guess, **how)
        A, B = math.exp(a + alpha * n0), math.exp(b + beta * d0)
        return value, (math.exp(floor) if e else 0.0, A, B, alpha, beta)

    return [fit(start) for start in starts]


@fit_parametric.mistake(
    "The squares of all distances are added, so a few bad runs decide.",
    "How much should a run count that is far off, compared with one that is near?",
)
def squares(params, tokens, losses, starts, delta=1e-3):
    return min(_fits(params, tokens, losses, starts, _huber(1e9)))[1]


@fit_parametric.mistake(
    "Distances are those of the losses, not of their logarithms.",
    "Between which two quantities is the distance taken?",
)
def not_logarithms(params, tokens, losses, starts, delta=1e-3):
    return min(_fits(params, tokens, losses, starts, _huber(delta), logs=False))[1]


@fit_parametric.mistake(
    "The worst of the fits is taken.", "Is a large sum of distances good or bad?"
)
def worst(params, tokens, losses, starts, delta=1e-3):
    return max(_fits(params, tokens, losses, starts, _huber(delta)))[1]


@fit_parametric.mistake(
    "There is no E in the fit: everything is explained by size and data.",
    "What is the loss of an endless model with endless data?",
)
def no_floor(params, tokens, losses, starts, delta=1e-3):
    return min(_fits(params, tokens, losses, starts, _huber(delta), e=False, max_iter=60))[1]


@fit_parametric.mistake(
    "The search stops after torch's usual 20 steps.",
    "Does the sum still become less, if you let it go on?",
)
def twenty_steps(params, tokens, losses, starts, delta=1e-3):
    return min(_fits(params, tokens, losses, starts, _huber(delta), max_iter=20))[1]


@fit_parametric.mistake(
    "The mean is made least, not the sum, with torch's usual tolerances: the search stops early.",
    "What does dividing by the number of runs do to the slopes that the search looks at?",
)
def mean_and_stop(params, tokens, losses, starts, delta=1e-3):
    how = {"tolerance_grad": 1e-7, "tolerance_change": 1e-9, "factor": 1 / len(losses)}
    return min(_fits(params, tokens, losses, starts, _huber(delta), **how))[1]


@fit_parametric.mistake(
    "It walks down the slope with small steps of one length (Adam), and is far from done.",
    "Which search uses how the slope changes?",
)
def adam(params, tokens, losses, starts, delta=1e-3):
    n, d, target = (x.double().log() for x in (params, tokens, losses))

    def fit(start):
        E, A, B, alpha, beta = start
        numbers = torch.tensor(
            [math.log(E), math.log(A), math.log(B), alpha, beta],
            dtype=torch.float64,
            requires_grad=True,
        )
        optimiser = torch.optim.Adam([numbers], lr=0.01)
        for _ in range(150):
            optimiser.zero_grad()
            e, a, b, alpha, beta = numbers
            terms = torch.stack([e.expand_as(n), a - alpha * n, b - beta * d])
            value = _huber(delta)(terms.logsumexp(0), target)
            value.backward()
            optimiser.step()
        e, a, b, alpha, beta = numbers.tolist()
        return value.item(), (math.exp(e), math.exp(a), math.exp(b), alpha, beta)

    return best_of(starts, fit)


@fit_parametric.mistake(
    "It computes in single precision, in which small differences of the sum are lost.",
    "How many digits has a float32, and how much does the sum still change near the goal?",
)
def single(params, tokens, losses, starts, delta=1e-3):
    n, d, target = (x.float().log() for x in (params, tokens, losses))

    def distance(numbers):
        e, a, b, alpha, beta = numbers.float()
        terms = torch.stack([e.expand_as(n), a - alpha * n, b - beta * d])
        return _huber(delta)(terms.logsumexp(0), target).double()

    def fit(start):
        E, A, B, alpha, beta = start
        guess = [math.log(E), math.log(A), math.log(B), alpha, beta]
        value, (e, a, b, alpha, beta) = minimise(distance, guess)
        return value, (math.exp(e), math.exp(a), math.exp(b), alpha, beta)

    return best_of(starts, fit)


@fit_parametric.mistake(
    "E, A and B are fitted as they are, not as logarithms: one is near 1, the others in hundreds.",
    "How long is a step that changes A by 1 per cent, and what would it do to alpha?",
)
def unscaled(params, tokens, losses, starts, delta=1e-3):
    n, d, target = (x.double() for x in (params, tokens, losses))

    def distance(numbers):
        E, A, B, alpha, beta = numbers
        fitted = E + A / n**alpha + B / d**beta
        return _huber(delta)(fitted.clamp_min(1e-9).log(), target.log())

    def fit(start):
        value, law = minimise(distance, list(start), max_iter=100)
        return value, tuple(law)

    return best_of(starts, fit)


@fit_parametric.mistake(
    "One exponent is fitted for both terms.", "Must loss fall as fast with data as with size?"
)
def one_exponent(params, tokens, losses, starts, delta=1e-3):
    n, d, target = (x.double().log() for x in (params, tokens, losses))
    n0, d0 = n.mean().item(), d.mean().item()

    def distance(numbers):
        e, a, b, alpha = numbers
        terms = torch.stack([e.expand_as(n), a - alpha * (n - n0), b - alpha * (d - d0)])
        return _huber(delta)(terms.logsumexp(0), target)

    def fit(start):
        E, A, B, alpha, _ = start
        guess = [math.log(E), math.log(A) - alpha * n0, math.log(B) - alpha * d0, alpha]
        value, (e, a, b, alpha) = minimise(distance, guess)
        law = (math.exp(e), math.exp(a + alpha * n0), math.exp(b + alpha * d0), alpha, alpha)
        return value, law

    return best_of(starts, fit)
