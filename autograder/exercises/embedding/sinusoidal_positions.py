"""sinusoidal_positions: sines and cosines, pair by pair."""

import math

import torch
from torch import Generator, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import position

sinusoidal_positions = Exercise(position.sinusoidal_positions)


@sinusoidal_positions.case(
    "three positions, by hand",
    hint="With base 16 and four numbers, the second pair turns at a quarter of the speed.",
)
def by_hand(rng: Generator) -> ByHand:
    rows = [[f(p / s) for s in (1, 4) for f in (math.sin, math.cos)] for p in range(3)]
    return ByHand(ask(3, 4, 16.0), tensor(rows))


@sinusoidal_positions.case(
    "many numbers, few positions",
    2,
    hint="Neighbours are a pair with one angle. How fast is the last pair?",
)
def wide(rng: Generator) -> list[Trial]:
    return [ask(5, 12, 100.0), ask(4, 6, 7.0)]


@sinusoidal_positions.case("the base that it has when none is given")
def usual_base(rng: Generator) -> Trial:
    return ask(6, 8)


@sinusoidal_positions.case("one pair, one position, none at all", 0.5)
def edges(rng: Generator) -> list[Trial]:
    return [ask(1, 6), ask(7, 2), ask(0, 4)]


@sinusoidal_positions.case("an odd width", 0.5)
def odd(rng: Generator) -> list[Trial]:
    return [ask(4, 5), ask(3, 1)]


@sinusoidal_positions.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    seq, pairs, base = randint(3, 20, (3,), generator=rng).tolist()
    return ask(seq, 2 * pairs, float(10 * base))


@sinusoidal_positions.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(7, 6, 50.0)


def _angles(seq, d_model, base, exponents=None, first=0):
    """Position by speed; for mistakes, with other exponents or another first position."""
    if d_model % 2:
        raise ValueError("odd")
    if exponents is None:
        exponents = torch.arange(0, d_model, 2) / d_model
    return torch.arange(first, first + seq)[:, None] * base**-exponents


def _waves(angles, even=torch.sin, odd=torch.cos):
    """Sines and cosines by turns."""
    return torch.stack([even(angles), odd(angles)], dim=-1).flatten(-2)


@sinusoidal_positions.mistake(
    "Sine and cosine are exchanged.",
    "Which of the two stands at place 0? What is it at position 0?",
)
def exchanged(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base), torch.cos, torch.sin)


@sinusoidal_positions.mistake(
    "All sines come first, then all cosines.", "What stands next to the first sine?"
)
def halves(seq, d_model, base=10_000.0):
    angles = _angles(seq, d_model, base)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


@sinusoidal_positions.mistake(
    "The exponent is i / d_model, half of what it should be.",
    "How fast should the last pair turn: about once in base positions?",
)
def half_exponent(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base, torch.arange(d_model // 2) / d_model))


@sinusoidal_positions.mistake(
    "The exponent is twice as large as it should be.",
    "i counts pairs. Which i has the last pair, and which exponent?",
)
def double_exponent(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base, 2 * torch.arange(0, d_model, 2) / d_model))


@sinusoidal_positions.mistake(
    "Every number has a speed of its own, so sine and cosine of a pair differ in speed.",
    "Which two numbers share one angle?",
)
def own_speeds(seq, d_model, base=10_000.0):
    angles = _angles(seq, d_model, base, torch.arange(d_model) / d_model)
    return torch.stack([angles[:, 0::2].sin(), angles[:, 1::2].cos()], dim=-1).flatten(-2)


@sinusoidal_positions.mistake(
    "The exponent is 2j / d_model for the number at place j, counted through without pairs.",
    "Numbers 2i and 2i + 1 share an exponent. What is i at place 5?",
)
def counted_through(seq, d_model, base=10_000.0):
    angles = _angles(seq, d_model, base, 2 * torch.arange(d_model) / d_model)
    return torch.stack([angles[:, 0::2].sin(), angles[:, 1::2].cos()], dim=-1).flatten(-2)


@sinusoidal_positions.mistake(
    "The exponents run from 0 to 1, both ends included.",
    "Is the last exponent 1, or just below it?",
)
def up_to_one(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base, torch.linspace(0, 1, d_model // 2)))


@sinusoidal_positions.mistake(
    "The positions are counted from 1.",
    "What is the sine of the first position, and what the cosine?",
)
def from_one(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base, first=1))


@sinusoidal_positions.mistake(
    "The base is always 10,000, whatever is given.", "Which argument does your code never read?"
)
def fixed_base(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, 10_000.0))


@sinusoidal_positions.mistake(
    "The base that it has when none is given is not 10,000.", "How many zeros has your default?"
)
def other_default(seq, d_model, base=1_000.0):
    return _waves(_angles(seq, d_model, base))


@sinusoidal_positions.mistake(
    "The angles are in degrees.", "What unit do sin and cos of torch take?"
)
def degrees(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base).deg2rad())


@sinusoidal_positions.mistake(
    "The angles are counted in full turns, of 2 pi.", "Does the docstring speak of pi?"
)
def full_turns(seq, d_model, base=10_000.0):
    return _waves(2 * math.pi * _angles(seq, d_model, base))


@sinusoidal_positions.mistake(
    "The exponent has the wrong sign: later pairs turn faster.",
    "Is the position divided by the power of base, or multiplied?",
)
def faster(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, 1 / base))


@sinusoidal_positions.mistake(
    "The power is e^(...), with the logarithm of base 10 taken for the natural one.",
    "Which logarithm undoes exp?",
)
def log10(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, math.exp(math.log10(base))))


@sinusoidal_positions.mistake(
    "The angles are multiples of i / d_model: no power is taken.",
    "Where in your code is base raised to something?",
)
def no_power(seq, d_model, base=10_000.0):
    _angles(0, d_model, base)
    exponents = torch.arange(0, d_model, 2) / d_model
    return _waves(torch.arange(seq)[:, None] / (base * exponents).clamp(min=1))


@sinusoidal_positions.mistake(
    "The slowest pair comes first.", "Which pair has the exponent 0, and how fast does it turn?"
)
def slowest_first(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base).flip(-1))


@sinusoidal_positions.mistake("There are no cosines.", "What do the odd places hold?")
def sines_only(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base), odd=torch.sin)


@sinusoidal_positions.mistake(
    "There is one position too many.", "Which is the last of seq positions, counted from 0?"
)
def one_more(seq, d_model, base=10_000.0):
    return _waves(_angles(seq + 1, d_model, base))


@sinusoidal_positions.mistake(
    "The axes are exchanged: a column for each position.",
    "Which axis comes first in the signature?",
)
def on_its_side(seq, d_model, base=10_000.0):
    return _waves(_angles(seq, d_model, base)).mT
