"""Wrong answers for mixture_weights."""

import math

from autograder.exercises.project.mixture_weights import mixture_weights


def refuse(tokens):
    """Raise where the reference does."""
    if not tokens or min(tokens.values()) <= 0:
        raise ValueError("sources need tokens")


def normal(weights):
    """Weights that sum to 1."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def by_power(tokens, alpha):
    """The right shares."""
    largest = max(tokens.values())
    return normal({name: (size / largest) ** alpha for name, size in tokens.items()})


def result(tokens, shares, budget, epochs=None, worn=lambda times: times > 4):
    """What is returned for these shares; `epochs` takes a name, its share and the budget."""
    budget = sum(tokens.values()) if budget is None else budget
    epochs = epochs or (lambda name, share, budget: share * budget / tokens[name])
    often = {name: epochs(name, share, budget) for name, share in shares.items()}
    return shares, often, [name for name, times in often.items() if worn(times)]


@mixture_weights.mistake(
    "The shares are a softmax of the sizes.",
    "Twice as many tokens: twice the share, or a share that is larger by a power of e?",
)
def softmax(tokens, alpha, budget=None):
    refuse(tokens)
    most = max(tokens.values())
    weights = {name: math.exp(alpha * (size - most)) for name, size in tokens.items()}
    return result(tokens, normal(weights), budget)


@mixture_weights.mistake(
    "The power is 1 / alpha.", "Does a smaller alpha make the sources more equal, or less?"
)
def inverse(tokens, alpha, budget=None):
    refuse(tokens)
    shares = by_power(tokens, 1 / alpha) if alpha else by_power(tokens, 50)
    return result(tokens, shares, budget)


@mixture_weights.mistake("The power is 1 - alpha.", "Which alpha gives shares by size: 0 or 1?")
def one_minus(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, 1 - alpha), budget)


@mixture_weights.mistake(
    "Sizes are multiplied by alpha.", "What does a factor do that all the sizes have in common?"
)
def times(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, 1), budget)


@mixture_weights.mistake(
    "Between by size and all the same, alpha draws a straight line, not a power.",
    "Sizes 90 and 10, alpha = 0.5: what are the two powers?",
)
def line(tokens, alpha, budget=None):
    refuse(tokens)
    even, whole = 1 / len(tokens), sum(tokens.values())
    shares = {name: alpha * size / whole + (1 - alpha) * even for name, size in tokens.items()}
    return result(tokens, shares, budget)


@mixture_weights.mistake("The shares do not sum to 1.", "What is the sum of all the shares?")
def not_normal(tokens, alpha, budget=None):
    refuse(tokens)
    whole = sum(tokens.values())
    shares = {name: (size / whole) ** alpha for name, size in tokens.items()}
    return result(tokens, shares, budget)


@mixture_weights.mistake(
    "The powers are divided by the largest, so that the largest share is 1.",
    "What is the sum of all the shares?",
)
def by_largest(tokens, alpha, budget=None):
    refuse(tokens)
    largest = max(tokens.values())
    shares = {name: (size / largest) ** alpha for name, size in tokens.items()}
    return result(tokens, shares, budget)


@mixture_weights.mistake(
    "The powers are divided by the number of tokens, not by the sum of the powers.",
    "What must the numbers be divided by, so that they sum to 1?",
)
def by_tokens(tokens, alpha, budget=None):
    refuse(tokens)
    whole = sum(tokens.values())
    return result(tokens, {name: size**alpha / whole for name, size in tokens.items()}, budget)


@mixture_weights.mistake(
    "The power itself is too large for a float.", "What is 10^12 to the power of 40?"
)
def overflows(tokens, alpha, budget=None):
    refuse(tokens)
    powers = {name: float(size) ** alpha for name, size in tokens.items()}
    return result(tokens, normal(powers), budget)


@mixture_weights.mistake(
    "The epochs are upside down.", "Is a source that is read twice read 2 epochs, or half a one?"
)
def upside_down(tokens, alpha, budget=None):
    refuse(tokens)
    return result(
        tokens,
        by_power(tokens, alpha),
        budget,
        lambda name, share, budget: tokens[name] / (share * budget),
    )


@mixture_weights.mistake(
    "All sources get the epochs of the whole.",
    "Is a small source with a large share read as often as the others?",
)
def of_the_whole(tokens, alpha, budget=None):
    refuse(tokens)
    whole = sum(tokens.values())
    return result(
        tokens, by_power(tokens, alpha), budget, lambda name, share, budget: budget / whole
    )


@mixture_weights.mistake(
    "What is drawn from a source is divided by all tokens, not by its own.",
    "Which tokens are read again when this source is read again?",
)
def by_all(tokens, alpha, budget=None):
    refuse(tokens)
    whole = sum(tokens.values())
    return result(
        tokens, by_power(tokens, alpha), budget, lambda name, share, budget: share * budget / whole
    )


@mixture_weights.mistake(
    "The whole budget is drawn from each source.", "How many of the tokens are this source's?"
)
def whole_budget(tokens, alpha, budget=None):
    refuse(tokens)
    return result(
        tokens, by_power(tokens, alpha), budget, lambda name, share, budget: budget / tokens[name]
    )


@mixture_weights.mistake(
    "Epochs are rounded down to whole ones.", "Is half of a source half an epoch, or none?"
)
def whole_epochs(tokens, alpha, budget=None):
    refuse(tokens)
    return result(
        tokens,
        by_power(tokens, alpha),
        budget,
        lambda name, share, budget: share * budget // tokens[name],
    )


@mixture_weights.mistake(
    "The budget is not used: the epochs are always those of as many tokens as there are.",
    "What changes when the model reads twice as much?",
)
def no_budget(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, alpha), None)


@mixture_weights.mistake(
    "Repeats are counted, not epochs: one less.", "How many epochs is reading everything once?"
)
def repeats(tokens, alpha, budget=None):
    refuse(tokens)
    return result(
        tokens,
        by_power(tokens, alpha),
        budget,
        lambda name, share, budget: share * budget / tokens[name] - 1,
    )


@mixture_weights.mistake(
    "Sources are reported from 5 epochs on: 4 repeats are taken for 4 epochs.",
    "Which number of epochs is it that must not be passed?",
)
def four_repeats(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, alpha), budget, worn=lambda times: times > 5)


@mixture_weights.mistake("A source that is read exactly 4 times is reported.", "Is 4 more than 4?")
def exactly_four(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, alpha), budget, worn=lambda times: times >= 4)


@mixture_weights.mistake(
    "The sources that do not wear out are reported.", "Which sources should one be warned of?"
)
def the_others(tokens, alpha, budget=None):
    refuse(tokens)
    return result(tokens, by_power(tokens, alpha), budget, worn=lambda times: times <= 4)


@mixture_weights.mistake(
    "A source without tokens is not refused.",
    "How many epochs of nothing make a share of the training?",
)
def not_refused(tokens, alpha, budget=None):
    if not tokens or min(tokens.values()) <= 0:
        return {}, {}, []
    return result(tokens, by_power(tokens, alpha), budget)
