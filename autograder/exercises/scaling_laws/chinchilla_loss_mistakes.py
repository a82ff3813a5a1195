"""What goes wrong in chinchilla_loss."""

import math

from autograder.exercises.scaling_laws.chinchilla_loss import chinchilla_loss
from gradus.scaling.law import chinchilla_loss as right


@chinchilla_loss.mistake(
    "The exponents are swapped.", "Which exponent belongs to the parameters: alpha or beta?"
)
def exponents_swapped(params, tokens, law):
    E, A, B, alpha, beta = law
    return right(params, tokens, (E, A, B, beta, alpha))


@chinchilla_loss.mistake("A and B are swapped.", "Which of A and B is divided by the tokens?")
def factors_swapped(params, tokens, law):
    E, A, B, alpha, beta = law
    return right(params, tokens, (E, B, A, alpha, beta))


@chinchilla_loss.mistake(
    "Parameters and tokens are swapped.", "In which order does the task give the two?"
)
def swapped(params, tokens, law):
    return right(tokens, params, law)


@chinchilla_loss.mistake(
    "The law is unpacked in another order: alpha comes before B.",
    "In which order do the five numbers stand in `law`?",
)
def other_order(params, tokens, law):
    E, A, alpha, B, beta = law
    return right(params, tokens, (E, A, B, alpha, beta))


@chinchilla_loss.mistake(
    "It multiplies by params^alpha instead of dividing.",
    "Does a larger model have more loss, or less?",
)
def multiplied(params, tokens, law):
    E, A, B, alpha, beta = law
    return E + A * params**alpha + B * tokens**beta


@chinchilla_loss.mistake("E is left out.", "What is left with endless data and an endless model?")
def no_e(params, tokens, law):
    return right(params, tokens, (0.0, *law[1:]))


@chinchilla_loss.mistake(
    "A is inside of the power: (A / params)^alpha, as in Kaplan's law.",
    "What exactly is raised to the power alpha?",
)
def inside(params, tokens, law):
    E, A, B, alpha, beta = law
    return E + (A / params) ** alpha + (B / tokens) ** beta


@chinchilla_loss.mistake(
    "Parameters and tokens are taken in billions.", "In which unit are the parameters given?"
)
def in_billions(params, tokens, law):
    return right(params / 1e9, tokens / 1e9, law)


@chinchilla_loss.mistake(
    "The exponents are used as factors: A / (params · alpha).", "What does params^alpha mean?"
)
def products(params, tokens, law):
    E, A, B, alpha, beta = law
    return E + A / (params * alpha) + B / (tokens * beta)


@chinchilla_loss.mistake(
    "The logarithm of the sizes is taken in place of a power.",
    "What does a power law do when the size doubles?",
)
def logarithms(params, tokens, law):
    E, A, B, alpha, beta = law
    log = math.log if not hasattr(params, "log") and not hasattr(tokens, "log") else _log
    return E + A / (1 + alpha * log(params)) + B / (1 + beta * log(tokens))


def _log(x):
    return x.log() if hasattr(x, "log") else math.log(x)


@chinchilla_loss.mistake(
    "It gives the logarithm of the loss.", "Is the law one of the loss, or of its logarithm?"
)
def logarithm_of_it(params, tokens, law):
    return _log(right(params, tokens, law))


@chinchilla_loss.mistake("It gives the perplexity, e^loss.", "In which unit is a loss?")
def perplexity(params, tokens, law):
    loss = right(params, tokens, law)
    return loss.exp() if hasattr(loss, "exp") else math.exp(loss)


@chinchilla_loss.mistake(
    "It is in bits, not in nats.", "Is there anything to convert, in E + A / N^alpha + B / D^beta?"
)
def in_bits(params, tokens, law):
    return right(params, tokens, law) / math.log(2)


@chinchilla_loss.mistake("One exponent is used for both terms.", "What is beta for?")
def one_exponent(params, tokens, law):
    E, A, B, alpha, _ = law
    return right(params, tokens, (E, A, B, alpha, alpha))


@chinchilla_loss.mistake(
    "The data's term is left out.", "What does a model lose when it has read too little?"
)
def no_data(params, tokens, law):
    E, A, _, alpha, beta = law
    return right(params, tokens, (E, A, 0.0, alpha, beta))


@chinchilla_loss.mistake(
    "It always uses the printed coefficients of the paper, whatever `law` is.",
    "What is the third argument for?",
)
def printed(params, tokens, law):
    return right(params, tokens, (1.69, 406.4, 410.7, 0.34, 0.28))


@chinchilla_loss.mistake(
    "Parameters and tokens are multiplied into one power: what matters is not their product alone.",
    "Does a model of endless size with one token of data have no loss but E?",
)
def product_of_both(params, tokens, law):
    E, A, B, alpha, beta = law
    return E + A * B / (params**alpha * tokens**beta)
