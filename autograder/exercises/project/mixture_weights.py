"""mixture_weights: how much of each source is read, and how often."""

import math
from typing import Any

import torch
from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.project.tellings import Tellings
from autograder.trial import Trial, ask
from gradus.curation import mixture as reference

PARTS = ("the shares", "the epochs", "the sources read more than 4 times")
mixture_weights = Exercise(reference.mixture_weights, returns=PARTS)


def mixed(got: Any, expected: Any) -> str | None:
    """Say which number of which source is wrong."""
    if not isinstance(got, list | tuple) or len(got) != 3:
        return None
    for part, one, mine, right in zip(("share", "epochs"), PARTS[:2], got, expected, strict=False):
        if not isinstance(mine, dict) or list(mine) != list(right):
            return f"{one} have an entry for each source, in order: {list(right)}."
        for name in right:
            if not isinstance(mine[name], int | float) or not math.isclose(
                mine[name], right[name], rel_tol=1e-6, abs_tol=1e-9
            ):
                value = mine[name]
                value = f"{value:.6g}" if isinstance(value, int | float) else repr(value)
                return f"the {part} of {name!r}: expected {right[name]:.6g}, got {value}."
    return None


def judge(*tellings: str) -> Tellings:
    """Name what is asked."""
    return Tellings(tellings, mixed)


PUBLIC = {"web": 90, "books": 9, "code": 1}


@mixture_weights.case(
    "two sources, by hand",
    0.5,
    judge=judge(),
    hint="The roots of 90 and 10 are as 3 to 1. Of 40 tokens, how many are the small source's?",
)
def by_hand(rng: Generator) -> ByHand:
    shares = {"large": 0.75, "small": 0.25}
    epochs = {"large": 30 / 90, "small": 10 / 10}
    return ByHand(ask({"large": 90, "small": 10}, 0.5, 40), (shares, epochs, []))


@mixture_weights.case(
    "shares, from by size to all the same",
    judge=judge("alpha = 1", "alpha = 0", "alpha = 0.5", "alpha = 0.3", "alpha = 2"),
)
def shares(rng: Generator) -> list[Trial]:
    return [ask(PUBLIC, alpha, 10) for alpha in (1.0, 0.0, 0.5, 0.3, 2.0)]


@mixture_weights.case(
    "epochs",
    1.5,
    judge=judge("As many tokens as there are", "Half of them", "Five times as many"),
    hint="How many tokens are drawn from this one source, and how many does it have?",
)
def epochs(rng: Generator) -> list[Trial]:
    return [ask(PUBLIC, 0.5), ask(PUBLIC, 0.7, 50), ask(PUBLIC, 1.0, 500)]


@mixture_weights.case(
    "sources that wear out",
    judge=judge(
        "Exactly 4 epochs, and a little more",
        "Four and a half epochs",
        "All of them",
        "None of them",
    ),
    hint="The first reading is an epoch, too.",
)
def worn(rng: Generator) -> list[Trial]:
    return [
        ask({"a": 100, "b": 50, "c": 49, "d": 200}, 0.0, 800),
        ask({"x": 100, "y": 100}, 1.0, 900),
        ask({"old": 10, "new": 5}, 0.5, 1000),
        ask({"old": 10, "new": 5}, 0.5, 20),
    ]


@mixture_weights.case(
    "one source, equal sources, another order",
    0.5,
    judge=judge("One source", "Three equal ones", "The smallest first"),
)
def few(rng: Generator) -> list[Trial]:
    return [
        ask({"all": 7}, 0.5, 14),
        ask({"a": 5, "b": 5, "c": 5}, 0.7),
        ask({"code": 1, "books": 9, "web": 90}, 0.5, 30),
    ]


@mixture_weights.case(
    "BloombergGPT's sources, and numbers of any size",
    judge=judge("Billions of tokens", "A thousand billion to one", "A large power"),
    hint="Can the power itself be larger than a float can hold?",
)
def sizes(rng: Generator) -> list[Trial]:
    # Wu et al. 2023, https://arxiv.org/abs/2303.17564, table 1: billions of tokens.
    finpile = {"web": 298e9, "news": 38e9, "filings": 14e9, "press": 9e9, "bloomberg": 5e9}
    return [
        ask(finpile, 0.5, 569_000_000_000),
        ask({"all": 10**12, "one": 1}, 0.3),
        ask({"all": 10**12, "half": 5 * 10**11}, 40.0, 10**9),
    ]


@mixture_weights.case(
    "sources without tokens are refused", 0.5, judge=judge("No sources", "An empty one")
)
def refused(rng: Generator) -> list[Trial]:
    return [ask({}, 0.5), ask({"web": 90, "nothing": 0}, 0.5), ask({"nothing": 0, "web": 9}, 0.0)]


@mixture_weights.case("hidden sources", hidden=True, judge=judge())
def hidden(rng: Generator) -> list[Trial]:
    made = [int(n) for n in randint(50, 100, (4,), generator=rng)]
    named = dict(zip(["north", "south", "east", "west"], (made[0] * 40, *made[1:]), strict=True))
    return [ask(named, 0.5, 6 * sum(named.values())), ask(named, 0.25), ask(named, 1.5, 1000)]


@mixture_weights.house_rules(0.25, judge=judge())
def typical(rng: Generator) -> Trial:
    return ask({"web": 80, "books": 5}, 0.5, 90)


@mixture_weights.variant
def normalised_first(tokens, alpha, budget=None):
    if len(tokens) == 0 or any(size <= 0 for size in tokens.values()):
        raise ValueError("no tokens")
    whole = sum(tokens.values())
    powers = {name: (size / whole) ** alpha for name, size in tokens.items()}
    total = sum(powers.values())
    if budget is None:
        budget = whole
    shares, epochs, worn_out = {}, {}, []
    for name, size in tokens.items():
        shares[name] = powers[name] / total
        drawn = shares[name] * budget
        epochs[name] = drawn / size
        if drawn > 4 * size:
            worn_out.append(name)
    return shares, epochs, worn_out


@mixture_weights.variant
def with_softmax_of_logarithms(tokens, alpha, budget=None):
    if not tokens or not all(tokens.values()):
        raise ValueError("no tokens")
    sizes_ = torch.tensor(list(tokens.values()), dtype=torch.float64)
    parts = (alpha * sizes_.log()).softmax(0)
    often = parts * (sizes_.sum() if budget is None else budget) / sizes_
    epochs_ = dict(zip(tokens, often.tolist(), strict=True))
    worn_out = [name for name in tokens if epochs_[name] > 4 + 1e-9]
    return dict(zip(tokens, parts.tolist(), strict=True)), epochs_, worn_out


@mixture_weights.variant
def with_exact_whole_numbers(tokens, alpha, budget=None):
    from fractions import Fraction

    if not tokens or min(tokens.values()) <= 0:
        raise ValueError("no tokens")
    smallest = min(tokens.values())
    powers = {name: math.exp(alpha * math.log(n / smallest)) for name, n in tokens.items()}
    total = math.fsum(powers.values())
    drawn = sum(map(Fraction, tokens.values())) if budget is None else Fraction(budget)
    shares_ = {name: power / total for name, power in powers.items()}
    epochs_ = {
        name: float(Fraction(shares_[name]) * drawn / Fraction(tokens[name])) for name in shares_
    }
    return shares_, epochs_, [name for name in epochs_ if epochs_[name] > 4 + 1e-9]
