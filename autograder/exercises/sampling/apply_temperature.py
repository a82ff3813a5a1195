"""apply_temperature: how even the probabilities are."""

import torch
from torch import Generator, arange, full_like, randn, tensor, where

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import sampling

apply_temperature = Exercise(sampling.apply_temperature)

INF = torch.inf


@apply_temperature.case("temperature 2, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([[2.0, -4, 1]]), 2.0), tensor([[1.0, -2, 0.5]]))


@apply_temperature.case("warm, cold, and as it is", 1.5)
def several(rng: Generator) -> list[Trial]:
    return [ask(3 * randn(2, 5, generator=rng), t) for t in (0.4, 1.7, 1.0, 1)]


@apply_temperature.case("very warm and very cold", 0.5)
def extreme(rng: Generator) -> list[Trial]:
    return [ask(3 * randn(2, 5, generator=rng), t) for t in (0.01, 50.0, 1000.0)]


@apply_temperature.case(
    "temperature 0", 1, hint="The likeliest token keeps its logit, all others get -inf."
)
def zero(rng: Generator) -> list[Trial]:
    logits = 3 * randn(3, 5, generator=rng)
    return [ask(logits, 0.0), ask(-logits.abs(), 0), ask(tensor([[1.0, 4, 4], [2, 2, 2]]), 0.0)]


@apply_temperature.case("ruled-out tokens stay ruled out", 0.5)
def ruled_out(rng: Generator) -> list[Trial]:
    logits = tensor([[-INF, 1.0, 3, -INF], [2, -INF, -1, -1]])
    return [ask(logits, 1.5), ask(logits, 0.0), ask(logits, 0.5)]


@apply_temperature.case("negative temperatures", 0.5)
def negative(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 3, generator=rng), t) for t in (-1.0, -0.01)]


@apply_temperature.case("hidden logits", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    t = 0.2 + 2 * torch.rand((), generator=rng).item()
    logits = 2 * randn(4, 6, generator=rng)
    return [ask(logits, t), ask(logits, 1 / t), ask(logits, 0.0)]


@apply_temperature.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng), 0.7)


def at(logits, temperature, change):
    """The right answer, with another rule for temperatures above 0."""
    if temperature < 0:
        raise ValueError("negative")
    return change(logits, temperature) if temperature > 0 else cold(logits)


def cold(logits, value=None):
    ids = arange(logits.shape[-1], device=logits.device)
    likeliest = ids == logits.argmax(-1, keepdim=True)
    return where(likeliest, logits if value is None else value, -INF)


def mistake(name, look):
    """Add a mistake that is made at all temperatures above 0."""

    def add(change):
        def answer(logits, temperature):
            return at(logits, temperature, change)

        answer.__name__ = change.__name__
        apply_temperature.mistake(name, look)(answer)
        return change

    return add


@mistake(
    "It multiplies by the temperature instead of dividing.",
    "Does a high temperature make the differences between logits larger or smaller?",
)
def multiplies(logits, t):
    return logits * t


@mistake(
    "It divides probabilities, not logits.",
    "What is the softmax of p / T, if the p are probabilities between 0 and 1?",
)
def on_probabilities(logits, t):
    return logits.softmax(-1) / t


@mistake(
    "It returns probabilities, not logits.", "Who takes the softmax: this function or the next?"
)
def returns_probabilities(logits, t):
    return (logits / t).softmax(-1)


@mistake(
    "It returns log-probabilities: the right probabilities, but other logits.",
    "Is there more to be done than a division?",
)
def log_probabilities(logits, t):
    return (logits / t).log_softmax(-1)


@mistake("It divides twice.", "How often does the temperature appear in your code?")
def twice(logits, t):
    return logits / t / t


@mistake("It divides by 1 + T.", "What should temperature 1 do to the logits?")
def one_more(logits, t):
    return logits / (1 + t)


@mistake("It rounds the quotient down.", "What is 7 // 2 in Python, and what is 7 / 2?")
def whole_numbers(logits, t):
    return logits // t


@mistake(
    "It does not go below a temperature of its own.",
    "Is there a number in your code that the task does not name?",
)
def clamped(logits, t):
    return logits / max(t, 0.1)


@mistake(
    "It divides by the square root of the temperature.",
    "That belongs to attention. What does the task divide by?",
)
def square_root(logits, t):
    return logits / t**0.5


@mistake(
    "It leaves the logits as they are, whatever the temperature.",
    "Is the result of your division returned?",
)
def nothing(logits, t):
    return logits.clone()


@apply_temperature.variant
def with_reciprocal(logits, temperature):
    if temperature < 0:
        raise ValueError(f"{temperature} is below 0")
    return cold(logits) if temperature == 0 else logits * (1 / temperature)


@apply_temperature.variant
def zero_by_scatter(logits, temperature):
    if temperature < 0:
        raise ValueError("too cold")
    if temperature == 0:
        best = logits.argmax(dim=-1, keepdim=True)
        return full_like(logits, -INF).scatter(-1, best, logits.gather(-1, best))
    return logits.div(temperature)
