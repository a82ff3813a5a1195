"""predict_loss: what loss a larger model will have, read off smaller ones."""

import math

import numpy as np
import torch
from torch import Generator, rand

from autograder.exercise import ByHand, Exercise
from autograder.exercises.project.tellings import Tellings
from autograder.trial import Trial, ask
from gradus.evaluation import forecast as reference

predict_loss = Exercise(reference.predict_loss)


def judge(*tellings: str) -> Tellings:
    """Name what is asked."""
    return Tellings(tellings, lambda got, expected: None)


@predict_loss.case(
    "two runs, by hand",
    0.5,
    judge=judge(),
    hint="A hundred times the size, half the loss. And once more a hundred times?",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask([100, 10_000], [4.0, 2.0], 1_000_000), 1.0)


@predict_loss.case(
    "runs on a power law",
    judge=judge("Larger than the runs", "Between two runs", "Smaller than the runs"),
)
def exact(rng: Generator) -> list[Trial]:
    sizes = [20_000, 50_000, 200_000, 600_000]
    losses = [9.5 * size**-0.12 for size in sizes]
    return [ask(sizes, losses, size) for size in (3_000_000, 100_000, 5_000)]


@predict_loss.case(
    "runs around a power law",
    2,
    judge=judge("Four runs", "The runs in another order", "One size run twice"),
    hint="All runs have a say. Which distances does the line make small?",
)
def noisy(rng: Generator) -> list[Trial]:
    return [
        ask([10_000, 20_000, 80_000, 640_000], [3.4, 3.0, 2.9, 2.1], 5_000_000),
        ask([640_000, 10_000, 80_000, 20_000], [2.1, 3.4, 2.9, 3.0], 5_000_000),
        ask([1e5, 1e5, 1e6, 4e6], [3.1, 2.7, 2.0, 1.9], 2e7),
    ]


@predict_loss.case("sizes of billions", 0.5, judge=judge("Billions", "Losses that grow"))
def large(rng: Generator) -> list[Trial]:
    return [
        ask([4e8, 1e9, 1e10, 6.7e10], [2.5, 2.35, 2.0, 1.95], 2.8e11),
        ask([1e3, 1e4, 1e5], [1.0, 1.2, 1.5], 1e6),
    ]


@predict_loss.case(
    "what has no line is refused",
    0.5,
    judge=judge("One run", "Two runs of one size", "A loss is missing", "A loss of 0"),
)
def refused(rng: Generator) -> list[Trial]:
    return [
        ask([1000], [3.0], 2000),
        ask([1000, 1000], [3.0, 2.9], 2000),
        ask([1000, 2000, 4000], [3.0, 2.9], 8000),
        ask([1000, 2000], [3.0, 0.0], 8000),
    ]


@predict_loss.case("hidden runs", hidden=True, judge=judge())
def hidden(rng: Generator) -> list[Trial]:
    sizes = [12_000, 30_000, 100_000, 400_000]
    bumps = (0.8 + 0.4 * rand(4, generator=rng, dtype=torch.float64)).tolist()
    losses = [8 * n**-0.1 * bump for n, bump in zip(sizes, bumps, strict=True)]
    return [ask(sizes, losses, 2_000_000)]


@predict_loss.house_rules(0.25, judge=judge())
def typical(rng: Generator) -> Trial:
    return ask([1000, 5000, 20_000], [4.0, 3.0, 2.6], 100_000)


def refuse(sizes, losses):
    """Raise where the reference does."""
    if len(sizes) != len(losses) or len(set(sizes)) < 2 or min([*sizes, *losses]) <= 0:
        raise ValueError("no line")


@predict_loss.variant
def with_polyfit(sizes, losses, size):
    refuse(sizes, losses)
    slope, start = np.polyfit(np.log10(sizes), np.log10(losses), 1)
    return float(10 ** (start + slope * math.log10(size)))


@predict_loss.variant
def with_lstsq(sizes, losses, size):
    refuse(sizes, losses)
    x = torch.tensor(sizes, dtype=torch.float64).log()
    y = torch.tensor(losses, dtype=torch.float64).log()
    matrix = torch.stack([torch.ones_like(x), x], dim=1)
    start, slope = torch.linalg.lstsq(matrix, y[:, None]).solution[:, 0]
    return (start.exp() * size**slope).item()


@predict_loss.variant
def with_sums(sizes, losses, size):
    refuse(sizes, losses)
    n = len(sizes)
    x, y = np.log2(np.array(sizes, float)), np.log2(np.array(losses, float))
    slope = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
    return float(2 ** ((y.sum() - slope * x.sum()) / n + slope * np.log2(size)))


def line(x, y, at):
    """Where the line of least squares is at `at`."""
    slope, start = np.polyfit(x, y, 1)
    return float(start + slope * at)


@predict_loss.mistake(
    "The line goes through sizes and losses themselves, not through their logarithms.",
    "What does your line say of a model ten times as large as the largest?",
)
def straight(sizes, losses, size):
    refuse(sizes, losses)
    return line(sizes, losses, size)


@predict_loss.mistake("Only the sizes are taken as logarithms.", "What is log(a * size^b)?")
def half_logarithmic(sizes, losses, size):
    refuse(sizes, losses)
    return line(np.log(sizes), losses, math.log(size))


@predict_loss.mistake("Only the losses are taken as logarithms.", "What is log(a * size^b)?")
def other_half(sizes, losses, size):
    refuse(sizes, losses)
    return math.exp(min(line(sizes, np.log(losses), size), 700))


@predict_loss.mistake("The logarithm of the loss is returned.", "In which units is the forecast?")
def logarithm(sizes, losses, size):
    refuse(sizes, losses)
    return line(np.log(sizes), np.log(losses), math.log(size))


@predict_loss.mistake("Logarithms of base 10 are undone with exp.", "Which function undoes log10?")
def bases(sizes, losses, size):
    refuse(sizes, losses)
    return math.exp(line(np.log10(sizes), np.log10(losses), math.log10(size)))


@predict_loss.mistake(
    "Only two of the runs are used, the last two.", "Which runs have a say in the line?"
)
def last_two(sizes, losses, size):
    refuse(sizes, losses)
    if sizes[-1] == sizes[-2]:
        return losses[-1]
    return math.exp(line(np.log(sizes[-2:]), np.log(losses[-2:]), math.log(size)))


@predict_loss.mistake(
    "Only two of the runs are used, the first and the last.", "Which runs have a say in the line?"
)
def ends(sizes, losses, size):
    refuse(sizes, losses)
    x, y = [sizes[0], sizes[-1]], [losses[0], losses[-1]]
    return math.exp(line(np.log(x), np.log(y), math.log(size)))


@predict_loss.mistake(
    "The line is forced through the origin of the logarithms: there is no factor a.",
    "Must a model of one parameter have a loss of 1?",
)
def no_factor(sizes, losses, size):
    refuse(sizes, losses)
    x, y = np.log(sizes), np.log(losses)
    return float(np.exp((x * y).sum() / (x * x).sum() * math.log(size)))


@predict_loss.mistake(
    "The line predicts the size from the loss, and is then turned round.",
    "Which distances to the line should be small: those in the loss, or those in the size?",
)
def turned(sizes, losses, size):
    refuse(sizes, losses)
    slope, start = np.polyfit(np.log(losses), np.log(sizes), 1)
    return float(np.exp((math.log(size) - start) / slope))


@predict_loss.mistake(
    "Runs that give no line are not refused.", "How many lines go through one point?"
)
def not_refused(sizes, losses, size):
    if len(sizes) != len(losses) or len(set(sizes)) < 2 or min([*sizes, *losses]) <= 0:
        return losses[-1]
    return math.exp(line(np.log(sizes), np.log(losses), math.log(size)))
