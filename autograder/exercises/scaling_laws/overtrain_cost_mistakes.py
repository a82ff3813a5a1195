"""What goes wrong in overtrain_cost."""

from autograder.exercises.scaling_laws.overtrain_cost import cheapest, overtrain_cost, pair


def _answer(loss, served, law, training=6.0, use=2.0):
    params, tokens = cheapest(loss, law, lambda n, d: training * n * d + use * n * served)
    return params, tokens, training * params * tokens + use * params * served


@overtrain_cost.mistake(
    "Using the model is counted at 6 FLOPs for each parameter and token, as training is.",
    "Is there a way back when a model writes?",
)
def six_for_use(loss, served, law):
    return _answer(loss, served, law, use=6.0)


@overtrain_cost.mistake(
    "Training is counted at 2 FLOPs for each parameter and token.",
    "What does training do besides the way forward?",
)
def two_for_training(loss, served, law):
    return _answer(loss, served, law, training=2.0)


@overtrain_cost.mistake(
    "Using the model costs nothing in this answer.", "What do the served tokens cost?"
)
def use_ignored(loss, served, law):
    return _answer(loss, 0.0, law)


@overtrain_cost.mistake(
    "Use is added to the bill, but the size is the best for training alone.",
    "You add up two costs. Which of them did you make least?",
)
def best_for_training(loss, served, law):
    params, tokens = cheapest(loss, law, lambda n, d: n * d)
    return params, tokens, 6 * params * tokens + 2 * params * served


@overtrain_cost.mistake(
    "The pair is right, but the bill is for training alone.", "What is the third number?"
)
def bill_for_training(loss, served, law):
    params, tokens, _ = _answer(loss, served, law)
    return params, tokens, 6 * params * tokens


@overtrain_cost.mistake(
    "The bill is for the use alone, so training as long as possible seems to be free.",
    "What is the third number?",
)
def bill_for_use(loss, served, law):
    params, tokens, _ = _answer(loss, served, law)
    return params, tokens, 2 * params * served


@overtrain_cost.mistake(
    "E counts as something that model and data could reduce.",
    "Which part of the loss stays whatever you do?",
)
def with_e(loss, served, law):
    pair(loss, law, 0.5)
    return _answer(loss, served, (0.0, *law[1:]))


@overtrain_cost.mistake(
    "The loss is shared half and half between model and data, whatever each costs.",
    "Which is cheaper to improve, size or data? Does your answer depend on the use?",
)
def half_and_half(loss, served, law):
    params, tokens = pair(loss, law, 0.5)
    return params, tokens, 6 * params * tokens + 2 * params * served


@overtrain_cost.mistake(
    "It always takes 20 tokens for every parameter.", "What changes when a model is used more?"
)
def twenty(loss, served, law):
    pair(loss, law, 0.5)
    low, high = 1e-6, 1 - 1e-6
    for _ in range(100):
        middle = (low + high) / 2
        params, tokens = pair(loss, law, middle)
        low, high = (middle, high) if tokens < 20 * params else (low, middle)
    params, tokens = pair(loss, law, low)
    return params, tokens, 6 * params * tokens + 2 * params * served


@overtrain_cost.mistake(
    "Only a few pairs are tried, and the best of them is taken.",
    "How far apart are the pairs you try?",
)
def coarse(loss, served, law):
    pairs = [pair(loss, law, i / 10) for i in range(1, 10)]
    params, tokens = min(pairs, key=lambda one: 6 * one[0] * one[1] + 2 * one[0] * served)
    return params, tokens, 6 * params * tokens + 2 * params * served


@overtrain_cost.mistake(
    "Served tokens are counted as tokens of training.",
    "Does a model learn from what it writes, and what is the second number?",
)
def tokens_together(loss, served, law):
    params, tokens, cost = _answer(loss, served, law)
    return params, tokens + served, cost


@overtrain_cost.mistake(
    "Use grows with the tokens of training, not with the size of the model.",
    "Which of the two makes a model slow to use?",
)
def use_by_tokens(loss, served, law):
    params, tokens = cheapest(loss, law, lambda n, d: 6 * n * d + 2 * d * served)
    return params, tokens, 6 * params * tokens + 2 * tokens * served


@overtrain_cost.mistake(
    "Each use is counted as 2 FLOPs, whatever the size of the model.",
    "Does a large model take more work for a token than a small one?",
)
def use_without_size(loss, served, law):
    params, tokens = cheapest(loss, law, lambda n, d: n * d)
    return params, tokens, 6 * params * tokens + 2 * served


@overtrain_cost.mistake("alpha and beta are swapped.", "Which exponent belongs to the parameters?")
def exponents_swapped(loss, served, law):
    E, A, B, alpha, beta = law
    return _answer(loss, served, (E, A, B, beta, alpha))


@overtrain_cost.mistake(
    "A loss that no model can reach is not refused.", "What is E, and what lies below it?"
)
def not_refused(loss, served, law):
    if loss <= law[0]:
        return float("inf"), float("inf"), float("inf")
    return _answer(loss, served, law)


@overtrain_cost.mistake(
    "A loss of exactly E is not refused.", "How large must a model be that reaches E?"
)
def e_accepted(loss, served, law):
    if loss == law[0]:
        return float("inf"), float("inf"), float("inf")
    return _answer(loss, served, law)


@overtrain_cost.mistake(
    "Tokens and parameters come in the wrong order.", "Which of them is returned first?"
)
def wrong_order(loss, served, law):
    params, tokens, cost = _answer(loss, served, law)
    return tokens, params, cost
