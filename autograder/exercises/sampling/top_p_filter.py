"""top_p_filter: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, arange, cat, full_like, rand, randn, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.judges import Kept
from autograder.exercises.sampling.kept import INF, ranked
from autograder.trial import Trial, ask
from gradus import filters

top_p_filter = Exercise(filters.top_p_filter)


def chances(*rows):
    """Logits of these probabilities; no sum of them comes near a p that is asked."""
    return tensor(rows).log()


@top_p_filter.case(
    "four tokens, by hand",
    0.5,
    judge=Kept(),
    hint="The probabilities are 0.1, 0.5, 0.15, 0.25, and p is 0.7: 0.5 is too little, "
    "0.5 + 0.25 reaches it.",
)
def by_hand(rng: Generator) -> ByHand:
    logits = chances([0.1, 0.5, 0.15, 0.25])
    return ByHand(ask(logits, 0.7), tensor([[-INF, logits[0, 1], -INF, logits[0, 3]]]))


@top_p_filter.case(
    "one token has nearly everything",
    1,
    judge=Kept(),
    hint="The likeliest token alone has more than p.",
)
def dominant(rng: Generator) -> list[Trial]:
    logits = chances([0.02, 0.95, 0.03], [0.5, 0.2, 0.3])
    return [ask(logits, p) for p in (0.9, 0.4)]


@top_p_filter.case("each row by itself", 1.5, judge=Kept())
def rows(rng: Generator) -> list[Trial]:
    logits = 2 * randn(3, 7, generator=rng)
    return [ask(logits, p) for p in (0.62, 0.8, 0.93)]


@top_p_filter.case(
    "logits are no log-probabilities",
    0.5,
    judge=Kept(),
    hint="Adding 5 to all logits of a row changes no probability.",
)
def shifted(rng: Generator) -> list[Trial]:
    logits = randn(2, 6, generator=rng)
    return [ask(logits + 5, 0.7), ask(logits - 1000, 0.7), ask(8 * logits + 50, 0.85)]


@top_p_filter.case(
    "equally likely tokens, and a mass that is exactly p",
    0.5,
    judge=Kept(),
    hint="With 8 equal tokens, two have exactly 0.25; that is enough. The lower ids stay.",
)
def even(rng: Generator) -> list[Trial]:
    return [ask(zeros(2, 8), p) for p in (0.25, 0.5, 0.3)]


@top_p_filter.case("p = 1 and p = 0", 1, judge=Kept(), hint="All tokens; the likeliest token.")
def ends(rng: Generator) -> list[Trial]:
    logits = cat([2 * randn(2, 4, generator=rng), tensor([[-30.0, -40], [-35, -25]])], -1)
    return [ask(logits, p) for p in (1.0, 0.0, 1, 0)]


@top_p_filter.case("tokens that were ruled out before", 0.5, judge=Kept())
def ruled_out(rng: Generator) -> list[Trial]:
    logits = tensor([[-INF, 1.0, 0.3, -INF, 0.9], [2, -INF, -INF, 2.2, -INF]])
    return [ask(logits, p) for p in (0.5, 0.9, 1.0)]


@top_p_filter.case(
    "half precision",
    0.5,
    judge=Kept(),
    hint="Add 1,000 shares of 0.001 in bfloat16: the sum stops growing on the way.",
)
def half(rng: Generator) -> Trial:
    return ask(zeros(1, 4096, dtype=torch.bfloat16), 0.75)


@top_p_filter.case("what is no share", 0.5, judge=Kept())
def refused(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 4, generator=rng), p) for p in (-0.1, 1.5)]


@top_p_filter.case("hidden logits", 0.5, hidden=True, judge=Kept())
def hidden(rng: Generator) -> list[Trial]:
    p = 0.3 + 0.6 * rand((), generator=rng).item()
    logits = 2 * randn(4, 9, generator=rng)
    return [ask(logits, p), ask(logits, 1 - p / 2)]


@top_p_filter.house_rules(0.5, judge=Kept())
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng), 0.8)


@top_p_filter.variant
def ascending(logits, p):
    """From the least likely up: those whose mass, with all below them, is at most 1 - p, go."""
    if p < 0 or p > 1:
        raise ValueError("p is a share")
    order = ranked(logits).flip(-1)
    below = logits.float().softmax(-1).gather(-1, order).cumsum(-1)
    if logits.dtype == torch.float64:
        below = logits.softmax(-1).gather(-1, order).cumsum(-1)
    out = below <= 1 - p if p < 1 else torch.zeros_like(order, dtype=torch.bool)
    out[:, -1] = False
    return logits.masked_fill(out.gather(-1, order.argsort(dim=-1)), -INF)


@top_p_filter.variant
def what_stays_is_written(logits, p):
    if not (p >= 0 and p <= 1):
        raise ValueError(f"p = {p}")
    order = ranked(logits)
    shares = logits.double().softmax(-1).gather(-1, order)
    before = shares.cumsum(-1) - shares
    stays = (before < p) | (arange(order.shape[-1], device=logits.device) == 0) | (p == 1)
    sorted_logits = logits.gather(-1, order).masked_fill(~stays, -INF)
    return full_like(logits, -INF).scatter(-1, order, sorted_logits)


@top_p_filter.variant
def by_number(logits, p):
    """Count how many tokens each row needs, and rule out all ranks from there on."""
    if p > 1 or p < 0:
        raise ValueError("not a share")
    if p == 1:
        return logits * 1
    order = ranked(logits)
    wide = logits.to(torch.float64)
    sums = wide.softmax(-1).gather(-1, order).cumsum(-1)
    needed = (sums < p).sum(-1, keepdim=True) + 1
    return torch.where(order.argsort(dim=-1) < needed, logits, -INF)
