"""What goes wrong in apply_rope: the pairs and the turning."""

import torch

from autograder.exercises.embedding.apply_rope import apply_rope
from autograder.exercises.embedding.apply_rope_steps import angles, even, speeds, turn, wide


def _parts(x, positions, base):
    """The halves of x, and the cosines and sines of the angles."""
    theta = angles(x, positions, base)
    return *wide(x).chunk(2, dim=-1), theta.cos(), theta.sin()


@apply_rope.mistake(
    "Neighbours turn together. That is the other convention: here it is number i of both halves.",
    "With four numbers, which one turns with the first?",
)
def neighbours(x, positions, base=10_000.0):
    even(x)
    a, b = wide(x)[..., 0::2], wide(x)[..., 1::2]
    theta = positions.unsqueeze(-1) * speeds(x, base)
    cos, sin = theta.cos(), theta.sin()
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2).to(x.dtype)


@apply_rope.mistake(
    "Neighbours are turned, and then put into two halves: two conventions are mixed.",
    "At position 0 nothing changes. Does your result have the order of x there?",
)
def neighbours_to_halves(x, positions, base=10_000.0):
    even(x)
    a, b = wide(x)[..., 0::2], wide(x)[..., 1::2]
    return turn(torch.cat([a, b], -1), angles(x, positions, base)).to(x.dtype)


@apply_rope.mistake(
    "The halves are turned, and then laid down by turns: two conventions are mixed.",
    "At position 0 nothing changes. Does your result have the order of x there?",
)
def halves_to_neighbours(x, positions, base=10_000.0):
    a, b = turn(x, angles(x, positions, base)).chunk(2, dim=-1)
    return torch.stack([a, b], -1).flatten(-2)


@apply_rope.mistake(
    "The angles are laid out for neighbours (0, 0, 1, 1 ...), but the halves are turned.",
    "Which two numbers of x get the same angle in your code, and which two turn together?",
)
def mixed_angles(x, positions, base=10_000.0):
    even(x)
    theta = (positions.unsqueeze(-1) * speeds(x, base)).repeat_interleave(2, dim=-1)
    a, b = wide(x).chunk(2, dim=-1)
    return (wide(x) * theta.cos() + torch.cat([-b, a], -1) * theta.sin()).to(x.dtype)


@apply_rope.mistake(
    "It turns backwards: the sign of the sine is wrong.",
    "Where does (1, 0) go by a quarter turn: to (0, 1), or to (0, -1)?",
)
def backwards(x, positions, base=10_000.0):
    return turn(x, -angles(x, positions, base))


@apply_rope.mistake(
    "Both sines have a plus: that is no rotation.", "Does your result have the length of x?"
)
def both_plus(x, positions, base=10_000.0):
    a, b, cos, sin = _parts(x, positions, base)
    return torch.cat([a * cos + b * sin, a * sin + b * cos], -1).to(x.dtype)


@apply_rope.mistake(
    "Both sines have a minus: that is no rotation.", "Does your result have the length of x?"
)
def both_minus(x, positions, base=10_000.0):
    a, b, cos, sin = _parts(x, positions, base)
    return torch.cat([a * cos - b * sin, b * cos - a * sin], -1).to(x.dtype)


@apply_rope.mistake(
    "Sine and cosine are exchanged.", "What are sine and cosine at position 0, and what stays of x?"
)
def exchanged(x, positions, base=10_000.0):
    a, b, cos, sin = _parts(x, positions, base)
    return torch.cat([a * sin - b * cos, a * cos + b * sin], -1).to(x.dtype)


@apply_rope.mistake(
    "The first half is overwritten before the second one needs it.",
    "Which a does your second line use: the old one, or the one that has been turned?",
)
def overwritten(x, positions, base=10_000.0):
    a, b, cos, sin = _parts(x, positions, base)
    a = a * cos - b * sin
    b = a * sin + b * cos
    return torch.cat([a, b], -1).to(x.dtype)


@apply_rope.mistake(
    "The numbers of x are overwritten in place.", "What does x[...] = do to the caller's x?"
)
def in_place(x, positions, base=10_000.0):
    x.copy_(turn(x, angles(x, positions, base)))
    return x


@apply_rope.mistake("The sine part is missing.", "Does your result have the length of x?")
def cosine_only(x, positions, base=10_000.0):
    a, b, cos, _ = _parts(x, positions, base)
    return torch.cat([a * cos, b * cos], -1).to(x.dtype)


@apply_rope.mistake("The halves of the result are exchanged.", "What comes out at position 0?")
def halves_exchanged(x, positions, base=10_000.0):
    return turn(x, angles(x, positions, base)).roll(x.shape[-1] // 2, -1)


@apply_rope.mistake(
    "Only the first half of the numbers is turned.", "How many pairs do d_head numbers make?"
)
def half_of_it(x, positions, base=10_000.0):
    theta = angles(x, positions, base)
    return turn(x, theta * (torch.arange(theta.shape[-1], device=x.device) < theta.shape[-1] / 2))


@apply_rope.mistake(
    "The angles are added to the numbers instead of turning them.",
    "Does your result have the length of x?",
)
def added(x, positions, base=10_000.0):
    theta = angles(x, positions, base)
    return (wide(x) + torch.cat([theta.sin(), theta.cos()], -1)).to(x.dtype)


@apply_rope.mistake(
    "The result is float32 whatever x is.", "Which dtype should come out for a bfloat16 x?"
)
def stays_wide(x, positions, base=10_000.0):
    return turn(wide(x), angles(x, positions, base))


@apply_rope.mistake(
    "A head of odd size is not refused: its last number is left as it is.",
    "Which number has no partner when d_head is 5?",
)
def odd_passes(x, positions, base=10_000.0):
    d = x.shape[-1] // 2 * 2
    return torch.cat([turn(x[..., :d], angles(x[..., :d], positions, base)), x[..., d:]], -1)


@apply_rope.mistake(
    "The positions run along the heads, not along the text.",
    "Which axis of x does the last axis of the positions belong to?",
)
def along_the_heads(x, positions, base=10_000.0):
    theta = angles(x, positions, base)
    if x.dim() == 4:
        theta = theta[..., : x.shape[1], :].unsqueeze(-2)
    return turn(x, theta)
