"""What goes wrong in fit_parametric around a fit that is right in itself."""

import math

from autograder.exercises.scaling_laws.fit_parametric import fit_parametric
from gradus.scaling.parametric import fit_parametric as right


@fit_parametric.mistake(
    "`delta` is not used: it is always 0.001.", "What does the last argument say?"
)
def fixed_delta(params, tokens, losses, starts, delta=1e-3):
    return right(params, tokens, losses, starts)


@fit_parametric.mistake(
    "`delta` is left at torch's own, 1: that is as good as squares.",
    "How large are the distances, and what is delta, where you do not give it?",
)
def torchs_delta(params, tokens, losses, starts, delta=1e-3):
    return right(params, tokens, losses, starts, 1.0)


@fit_parametric.mistake(
    "Only the first start is used.", "What happens when the first start leads nowhere?"
)
def first_start(params, tokens, losses, starts, delta=1e-3):
    return right(params, tokens, losses, starts[:1], delta)


@fit_parametric.mistake(
    "The last start decides, whatever came out of the others.",
    "Which of several fits is the best one?",
)
def last_start(params, tokens, losses, starts, delta=1e-3):
    return right(params, tokens, losses, starts[-1:], delta)


@fit_parametric.mistake(
    "The results from all starts are averaged.",
    "What do fits that lead nowhere add to the average?",
)
def averaged(params, tokens, losses, starts, delta=1e-3):
    laws = [right(params, tokens, losses, [start], delta) for start in starts]
    return tuple(sum(numbers) / len(laws) for numbers in zip(*laws, strict=True))


@fit_parametric.mistake(
    "The logarithms of A and B are returned, not A and B.",
    "What did you fit, and what should come back?",
)
def logarithms_left(params, tokens, losses, starts, delta=1e-3):
    E, A, B, alpha, beta = right(params, tokens, losses, starts, delta)
    return E, math.log(A), math.log(B), alpha, beta


@fit_parametric.mistake(
    "The logarithm of E is returned, not E.", "Which of the five numbers were fitted as logarithms?"
)
def log_e(params, tokens, losses, starts, delta=1e-3):
    E, *rest = right(params, tokens, losses, starts, delta)
    return math.log(E), *rest


@fit_parametric.mistake(
    "The exponents are rounded to two digits.",
    "By how much does the best size at 1e24 FLOPs move, when beta is rounded?",
)
def rounded(params, tokens, losses, starts, delta=1e-3):
    E, A, B, alpha, beta = right(params, tokens, losses, starts, delta)
    return round(E, 2), round(A, 1), round(B, 1), round(alpha, 2), round(beta, 2)


@fit_parametric.mistake(
    "Results come in another order: alpha and beta first.", "In which order stands a law?"
)
def other_order(params, tokens, losses, starts, delta=1e-3):
    E, A, B, alpha, beta = right(params, tokens, losses, starts, delta)
    return alpha, beta, A, B, E


@fit_parametric.mistake(
    "Parameters and tokens are swapped: alpha is fitted to the data.",
    "Which of the exponents belongs to the parameters?",
)
def swapped(params, tokens, losses, starts, delta=1e-3):
    E, A, B, alpha, beta = right(params, tokens, losses, starts, delta)
    return E, B, A, beta, alpha
