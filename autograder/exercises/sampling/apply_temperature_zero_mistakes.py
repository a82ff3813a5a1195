"""What goes wrong in apply_temperature at 0 and below."""

import torch

from autograder.exercises.sampling.apply_temperature import apply_temperature, at, cold
from autograder.exercises.sampling.kept import INF


@apply_temperature.mistake(
    "At temperature 0 it returns ids, not logits.", "What does the next function expect to get?"
)
def ids(logits, temperature):
    return at(logits, temperature, torch.div) if temperature else logits.argmax(-1)


@apply_temperature.mistake(
    "A small number is added to the temperature, so that 0 does no harm; but all others are off.",
    "Which temperature do you divide by when 1 is asked?",
)
def plus_a_little(logits, temperature):
    if temperature < 0:
        raise ValueError("negative")
    return logits / (temperature + 1e-8)


@apply_temperature.mistake(
    "At temperature 0 it divides by 0: the result is infinite or not a number.",
    "What is 3 / 0 in torch, and what is 0 / 0?",
)
def by_zero(logits, temperature):
    if temperature < 0:
        raise ValueError("negative")
    return logits / torch.as_tensor(temperature)


@apply_temperature.mistake("It refuses temperature 0.", "What does the task say of temperature 0?")
def refuses_zero(logits, temperature):
    if temperature <= 0:
        raise ValueError("the temperature must be positive")
    return logits / temperature


@apply_temperature.mistake(
    "At temperature 0 the logits stay as they are, so that everything may still be drawn.",
    "Which tokens may come at temperature 0.01? And at 0?",
)
def zero_does_nothing(logits, temperature):
    if temperature < 0:
        raise ValueError("negative")
    return logits / temperature if temperature else logits.clone()


@apply_temperature.mistake(
    "At temperature 0 it divides by a tiny number instead.",
    "What are the logits of the tokens that can no longer come?",
)
def tiny_instead(logits, temperature):
    if temperature < 0:
        raise ValueError("negative")
    return logits / max(temperature, 1e-6)


@apply_temperature.mistake(
    "At temperature 0 all of several likeliest tokens stay.",
    "Two tokens share the first place. How many may greedy decoding choose?",
)
def all_of_the_likeliest(logits, temperature):
    if temperature:
        return at(logits, temperature, torch.div)
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True), -INF)


@apply_temperature.mistake(
    "At temperature 0 it returns ones and zeros: a zero is a logit like any other.",
    "Which logit does a token need so that the softmax gives it nothing at all?",
)
def one_hot(logits, temperature):
    if temperature:
        return at(logits, temperature, torch.div)
    return torch.nn.functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)


@apply_temperature.mistake(
    "Negative temperatures are not refused: they make the unlikely likely.",
    "What does dividing by -1 do to the order of the tokens?",
)
def takes_negative(logits, temperature):
    return logits / temperature if temperature else cold(logits)


@apply_temperature.mistake(
    "It divides in place, so that the caller's logits are changed.",
    "What does `/=` do to the tensor that was handed over?",
)
def in_place(logits, temperature):
    if temperature <= 0:
        return at(logits, temperature, torch.div)
    with torch.no_grad():
        logits /= temperature
    return logits
