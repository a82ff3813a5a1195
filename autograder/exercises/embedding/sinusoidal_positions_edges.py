"""sinusoidal_positions: what goes wrong at the edges, and right answers written otherwise."""

import math

import torch

from autograder.exercises.embedding.sinusoidal_positions import sinusoidal_positions


def _table(seq, d_model, base, dtype=torch.float32):
    """The table, for any width: an odd one loses its last cosine."""
    exponents = torch.arange(0, d_model, 2, dtype=dtype) / d_model
    angles = torch.arange(seq, dtype=dtype)[:, None] * base**-exponents
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)[:, :d_model]


def _even(d_model):
    if d_model % 2:
        raise ValueError("odd")


@sinusoidal_positions.mistake(
    "An odd width is not refused.", "Which number has no partner when d_model is 5?"
)
def odd_cut(seq, d_model, base=10_000.0):
    return _table(seq, d_model, base)


@sinusoidal_positions.mistake(
    "An odd width is not refused: it is rounded down.",
    "Has the result as many numbers as were asked for?",
)
def odd_rounded(seq, d_model, base=10_000.0):
    return _table(seq, d_model // 2 * 2, base)


@sinusoidal_positions.mistake(
    "An odd width is refused with an assertion; the docstring names another error.",
    "Which error does the docstring name?",
)
def asserted(seq, d_model, base=10_000.0):
    assert d_model % 2 == 0
    return _table(seq, d_model, base)


@sinusoidal_positions.mistake(
    "An odd number of positions is refused too.", "Which of the two sizes comes in pairs?"
)
def odd_seq(seq, d_model, base=10_000.0):
    _even(d_model)
    _even(seq)
    return _table(seq, d_model, base)


@sinusoidal_positions.mistake(
    "The numbers are float64; the docstring asks for float32.",
    "What dtype do NumPy and Python count in?",
)
def double(seq, d_model, base=10_000.0):
    _even(d_model)
    return _table(seq, d_model, base, torch.float64)


@sinusoidal_positions.mistake(
    "The angles are kept in half precision, which is too coarse for them.",
    "How many digits does float16 hold?",
)
def half(seq, d_model, base=10_000.0):
    _even(d_model)
    exponents = torch.arange(0, d_model, 2) / d_model
    angles = (torch.arange(seq)[:, None] * base**-exponents).half().float()
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


@sinusoidal_positions.mistake(
    "The table is multiplied by the square root of d_model.",
    "How large can a sine be?",
)
def scaled(seq, d_model, base=10_000.0):
    _even(d_model)
    return _table(seq, d_model, base) * d_model**0.5


@sinusoidal_positions.mistake(
    "The exponents are divided as whole numbers, so all of them are 0.",
    "What is 4 // 8? Do all your pairs turn alike?",
)
def whole_division(seq, d_model, base=10_000.0):
    _even(d_model)
    angles = torch.arange(seq).float()[:, None].expand(seq, d_model // 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)


@sinusoidal_positions.variant
def with_slices(seq, d_model, base=10_000.0):
    _even(d_model)
    table = torch.zeros(seq, d_model)
    position = torch.arange(seq).unsqueeze(1)
    speed = torch.exp(torch.arange(0, d_model, 2) * (-math.log(base) / d_model))
    table[:, 0::2] = torch.sin(position * speed)
    table[:, 1::2] = torch.cos(position * speed)
    return table


@sinusoidal_positions.variant
def with_loops(seq, d_model, base=10_000.0):
    _even(d_model)
    table = torch.empty(seq, d_model)
    for place in range(seq):
        for i in range(d_model // 2):
            angle = place / base ** (2 * i / d_model)
            table[place, 2 * i], table[place, 2 * i + 1] = math.sin(angle), math.cos(angle)
    return table


@sinusoidal_positions.variant
def shifted_sines(seq, d_model, base=10_000.0):
    """A cosine is a sine that is a quarter turn ahead."""
    _even(d_model)
    speed = base ** -((torch.arange(d_model).double() // 2 * 2) / d_model)
    quarter = (torch.arange(d_model) % 2) * (torch.pi / 2)
    return torch.sin(torch.outer(torch.arange(seq).double(), speed) + quarter).float()
