"""What goes wrong in compute_optimal."""

import math

from autograder.exercises.scaling_laws.compute_optimal import compute_optimal
from gradus.scaling.optimum import compute_optimal as right


def _optimum(flops, law, *, inverse=False, swapped=False, per=6.0, balance=None):
    """The closed form, with one thing done otherwise."""
    _, A, B, alpha, beta = law
    if balance is None:
        balance = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    balance = 1 / balance if inverse else balance
    a = (alpha if swapped else beta) / (alpha + beta)
    params = balance * (flops / per) ** a
    return params, flops / per / params


@compute_optimal.mistake(
    "The exponents are swapped: the size grows with alpha / (alpha + beta).",
    "If the model's term falls fast (large alpha), must the model grow fast to keep up?",
)
def exponents_swapped(flops, law):
    return _optimum(flops, law, swapped=True)


@compute_optimal.mistake(
    "The balance between A and B is upside down.",
    "If a finite model costs more (a larger A), should the model be larger or smaller?",
)
def inverted(flops, law):
    return _optimum(flops, law, inverse=True)


@compute_optimal.mistake(
    "Exponents are swapped and the balance is upside down: these are the tokens.",
    "Which of your two formulas is for N?",
)
def sizes_swapped(flops, law):
    return right(flops, law)[::-1]


@compute_optimal.mistake(
    "The budget is not divided by 6.", "What is parameters times tokens, when C = 6 · N · D?"
)
def not_by_six(flops, law):
    return _optimum(flops, law, per=1.0)


@compute_optimal.mistake(
    "The budget is divided by 2, as if it were for the way forward only.",
    "How many FLOPs does training take for each parameter and token?",
)
def by_two(flops, law):
    return _optimum(flops, law, per=2.0)


@compute_optimal.mistake(
    "It is always 20 tokens for every parameter, whatever the law says.",
    "What is `law` for, and what does your answer for D/N depend on?",
)
def twenty(flops, law):
    params = math.sqrt(flops / 120)
    return params, 20 * params


@compute_optimal.mistake(
    "The size grows as C^0.73, as in Kaplan's law.", "Where do alpha and beta come in?"
)
def kaplan(flops, law):
    params = 1.3e9 * (flops / 8.64e19) ** 0.73
    return params, flops / 6 / params


@compute_optimal.mistake(
    "Only a few sizes are tried, and the best of them is taken.",
    "How far apart are the sizes you try, and how exact must the answer be?",
)
def coarse(flops, law):
    _, A, B, alpha, beta = law
    sizes = [10 ** (i / 4) for i in range(80) if 10 ** (i / 4) < flops]
    params = min(sizes, key=lambda n: A / n**alpha + B / (flops / 6 / n) ** beta)
    return params, flops / 6 / params


@compute_optimal.mistake(
    "The sum is made least where both terms are equal; it is their slopes that must be.",
    "Is A/N^alpha equal to B/D^beta at the lowest point? What is the derivative over N?",
)
def equal_terms(flops, law):
    _, A, B, alpha, beta = law
    return _optimum(flops, law, balance=(A / B) ** (1 / (alpha + beta)))


@compute_optimal.mistake(
    "The balance is not raised to the power 1 / (alpha + beta).",
    "When you solve alpha·A/N^alpha = beta·B/D^beta for N, which root do you take at last?",
)
def no_root(flops, law):
    _, A, B, alpha, beta = law
    return _optimum(flops, law, balance=alpha * A / (beta * B))


@compute_optimal.mistake(
    "The balance is raised to the power alpha + beta, not to 1 / (alpha + beta).",
    "When you solve alpha·A/N^alpha = beta·B/D^beta for N, which root do you take at last?",
)
def power_for_root(flops, law):
    _, A, B, alpha, beta = law
    return _optimum(flops, law, balance=(alpha * A / (beta * B)) ** (alpha + beta))


@compute_optimal.mistake(
    "In the balance, alpha belongs to B and beta to A.",
    "What is the derivative of A / N^alpha?",
)
def crossed_balance(flops, law):
    _, A, B, alpha, beta = law
    return _optimum(flops, law, balance=(beta * A / (alpha * B)) ** (1 / (alpha + beta)))


@compute_optimal.mistake(
    "The balance is forgotten: the size is a bare power of the budget.",
    "With A ten times as large, would your answer change?",
)
def no_balance(flops, law):
    return _optimum(flops, law, balance=1.0)


@compute_optimal.mistake(
    "Tokens and size both grow with their power of the budget, but their product is not C/6.",
    "Multiply your two numbers by each other and by 6. What comes out?",
)
def both_balanced(flops, law):
    _, A, B, alpha, beta = law
    balance = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    share = beta / (alpha + beta)
    return balance * (flops / 6) ** share, balance * (flops / 6) ** (1 - share)


@compute_optimal.mistake(
    "The size grows with the exponent of the loss, alpha·beta / (alpha + beta).",
    "How fast does the *loss* fall, and how fast does the best *size* grow?",
)
def exponent_of_loss(flops, law):
    _, A, B, alpha, beta = law
    balance = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    params = balance * (flops / 6) ** (alpha * beta / (alpha + beta))
    return params, flops / 6 / params


@compute_optimal.mistake("Both are in billions.", "In which units are the results?")
def in_billions(flops, law):
    params, tokens = right(flops, law)
    return params / 1e9, tokens / 1e9
