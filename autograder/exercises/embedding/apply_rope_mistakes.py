"""What goes wrong in apply_rope: the angles."""

import torch

from autograder.exercises.embedding.apply_rope import apply_rope
from autograder.exercises.embedding.apply_rope_steps import angles, even, speeds, turn, wide


@apply_rope.mistake(
    "The positions that are given are ignored: it counts 0, 1, 2 ...",
    "A word may come after others in a cache. Where does your code learn its position?",
)
def counts_itself(x, positions, base=10_000.0):
    return turn(x, angles(x, torch.arange(x.shape[-2], device=x.device), base))


@apply_rope.mistake(
    "The positions are counted from the first one given.",
    "What if a text goes on at position 100?",
)
def from_the_first(x, positions, base=10_000.0):
    return turn(x, angles(x, positions - positions[..., :1], base))


@apply_rope.mistake(
    "The positions are put in order first.", "Which vector of x belongs to which position?"
)
def sorted_positions(x, positions, base=10_000.0):
    return turn(x, angles(x, positions.sort(-1).values, base))


@apply_rope.mistake(
    "Every position is one too large.", "What should happen to a vector at position 0?"
)
def one_further(x, positions, base=10_000.0):
    return turn(x, angles(x, positions + 1, base))


@apply_rope.mistake(
    "The positions of the first text are used for all of them.",
    "Is there an index 0 where the whole batch is meant?",
)
def of_the_first_text(x, positions, base=10_000.0):
    return turn(x, angles(x, positions[:1] if positions.dim() > 1 else positions, base))


@apply_rope.mistake(
    "The base is always 10,000, whatever is given.", "Which argument does your code never read?"
)
def fixed_base(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, 10_000.0))


@apply_rope.mistake(
    "The base that it has when none is given is not 10,000.",
    "Some newer models have 500,000. Which default does this signature have?",
)
def other_default(x, positions, base=500_000.0):
    return turn(x, angles(x, positions, base))


@apply_rope.mistake(
    "The exponent is i / d_head, half of what it should be.",
    "Which exponent has the last pair: nearly 1, or nearly a half?",
)
def half_exponent(x, positions, base=10_000.0):
    even(x)
    return turn(x, positions.unsqueeze(-1) * speeds(x, base, step=1))


@apply_rope.mistake(
    "The exponent is twice as large as it should be.",
    "i counts pairs. Which i has the last pair, and which exponent?",
)
def double_exponent(x, positions, base=10_000.0):
    even(x)
    return turn(x, positions.unsqueeze(-1) * speeds(x, base, step=4))


@apply_rope.mistake(
    "The exponent has the wrong sign: later pairs turn faster.",
    "Is the position divided by the power of base, or multiplied?",
)
def faster(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, 1 / base))


@apply_rope.mistake(
    "All pairs turn at the same speed.", "What does the exponent do to later pairs?"
)
def same_speed(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, 1.0))


@apply_rope.mistake(
    "The pairs that turn slowly come first.", "Which pair has the exponent 0, and how fast is it?"
)
def slow_first(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, base).flip(-1))


@apply_rope.mistake("The angles are in degrees.", "What unit do sin and cos of torch take?")
def degrees(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, base).deg2rad())


@apply_rope.mistake(
    "The angles are counted in full turns, of 2 pi.", "Does the docstring speak of pi?"
)
def full_turns(x, positions, base=10_000.0):
    return turn(x, 2 * torch.pi * angles(x, positions, base))


@apply_rope.mistake(
    "It turns twice.", "By which angle is a vector at position 3 turned: 3 speeds, or 6?"
)
def twice(x, positions, base=10_000.0):
    theta = angles(x, positions, base)
    return turn(turn(x, theta), theta)


@apply_rope.mistake(
    "The angles are computed in the dtype of x, which is too coarse for late positions.",
    "How many whole numbers above 4096 does bfloat16 have?",
)
def coarse_angles(x, positions, base=10_000.0):
    even(x)
    return turn(x, positions.unsqueeze(-1).to(x.dtype) * speeds(x, base).to(x.dtype))


@apply_rope.mistake(
    "The angles are computed in float32 even where x is float64.",
    "What dtype has torch.arange(0.0, 8.0, 2.0)?",
)
def single_angles(x, positions, base=10_000.0):
    theta = angles(x.float(), positions, base)
    return turn(x, theta.to(wide(x).dtype))
