"""overtrain_cost: the cheapest model of a given loss, when it will be used a lot."""

import math

from torch import Generator, rand

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import serving
from gradus.scaling.coefficients import BESIROGLU, HOFFMANN_UNROUNDED

UNITS = ["parameters", "tokens of training", "FLOPs altogether"]
overtrain_cost = Exercise(serving.overtrain_cost, returns=UNITS)

# 1 + 1/N + 1/D = 2. Without use, N = D is best: 6 · 2 · 2. With 24 tokens of use, the sum of
# 6ND + 48N is least at N = 4/3 and D = 4: 32 + 64.
SIMPLE = (1.0, 1.0, 1.0, 1.0, 1.0)
BY_HAND = ask(2.0, 24.0, SIMPLE)
UNUSED = [ask(2.0, 0.0, SIMPLE), ask(2.2, 0.0, BESIROGLU.law)]
USED = [ask(2.2, served, BESIROGLU.law) for served in (1e10, 1e12, 1e14)]
LAWS = [
    ask(2.0, 3e12, HOFFMANN_UNROUNDED.law),
    ask(2.5, 1e11, (1.5, 200.0, 3000.0, 0.3, 0.45)),
    ask(2.5, 1e11, (1.5, 3000.0, 200.0, 0.45, 0.3)),
]
REFUSED = [ask(1.8, 1e12, BESIROGLU.law), ask(1.8172, 1e12, BESIROGLU.law)]


def _judge(trials=()):
    return Numbers(UNITS, trials, (5e-3, 5e-3, 1e-4))


@overtrain_cost.case("a simple law, by hand", 0.5, judge=_judge([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, (4 / 3, 4.0, 96.0))


@overtrain_cost.case(
    "never used", judge=_judge(UNUSED), hint="Then it is the model of the least training."
)
def unused(rng: Generator) -> list[Trial]:
    return UNUSED


@overtrain_cost.case(
    "used a little, much, and very much",
    2,
    judge=_judge(USED),
    hint="Of all pairs that reach the loss, which one costs least over training and use together?",
)
def used(rng: Generator) -> list[Trial]:
    return USED


@overtrain_cost.case("other laws", judge=_judge(LAWS))
def laws(rng: Generator) -> list[Trial]:
    return LAWS


@overtrain_cost.case("a loss that nothing reaches", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@overtrain_cost.case("a hidden wish", hidden=True, judge=_judge())
def hidden(rng: Generator) -> list[Trial]:
    a, b, c = rand(3, generator=rng).double().tolist()
    made = (1.5, 100 + 300 * a, 900 + 900 * b, 0.3 + 0.05 * a, 0.4 + 0.05 * b)
    return [ask(2.2 + 0.2 * c, 10 ** (11 + 2 * a), made)]


@overtrain_cost.house_rules(0.5, judge=_judge())
def typical(rng: Generator) -> Trial:
    return ask(2.3, 5e11, BESIROGLU.law)


def least(cost, low=0.0, high=1.0):
    """Where a function of one number is least: golden sections."""
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(150):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return (low + high) / 2


def pair(loss, law, share):
    """Size and tokens, when this share of loss - E is the model's and the rest the data's."""
    E, A, B, alpha, beta = law
    if loss <= E:
        raise ValueError("not to be had")
    params = (A / (share * (loss - E))) ** (1 / alpha)
    return params, (B / ((1 - share) * (loss - E))) ** (1 / beta)


def cheapest(loss, law, cost):
    """The pair of the least cost(params, tokens)."""
    pair(loss, law, 0.5)
    return pair(loss, law, least(lambda share: cost(*pair(loss, law, share))))


@overtrain_cost.variant
def over_log_params(loss, served, law):
    E, A, B, alpha, beta = law
    if not loss > E:
        raise ValueError("below E")

    def tokens(x):
        return (B / (loss - E - A / math.exp(x) ** alpha)) ** (1 / beta)

    def cost(x):
        return math.exp(x) * (6 * tokens(x) + 2 * served)

    smallest = math.log(A / (loss - E)) / alpha
    x = least(cost, smallest + 1e-12, smallest + 25)
    return math.exp(x), tokens(x), cost(x)


@overtrain_cost.variant
def where_the_slope_is_zero(loss, served, law):
    E, A, B, alpha, beta = law
    if loss <= E:
        raise ValueError("below E")
    gap = loss - E
    low, high = 0.0, 1.0
    for _ in range(200):
        share = (low + high) / 2
        params, tokens = pair(loss, law, share)
        # d(log cost)/d(share): -1/(alpha share) + [6D/(6D + 2S)] / (beta (1 - share))
        slope = -1 / (alpha * share) + 6 * tokens / (6 * tokens + 2 * served) / beta / (1 - share)
        low, high = (share, high) if slope < 0 else (low, share)
    params, tokens = (A / (share * gap)) ** (1 / alpha), (B / ((1 - share) * gap)) ** (1 / beta)
    return params, tokens, 6 * params * tokens + 2 * params * served


@overtrain_cost.variant
def by_trying_finely(loss, served, law):
    pair(loss, law, 0.5)
    shares = [(i + 0.5) / 20_000 for i in range(20_000)]

    def cost(share):
        params, tokens = pair(loss, law, share)
        return 6 * params * tokens + 2 * params * served

    share = min(shares, key=cost)
    return (*pair(loss, law, share), cost(share))
