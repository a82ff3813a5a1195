"""apply_rope: its cases and variants. Its mistakes are in files of their own."""

import math

import torch
from torch import Generator, arange, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import rope

apply_rope = Exercise(rope.apply_rope)


@apply_rope.case(
    "one vector, by hand",
    hint="With base 16 and four numbers, the second pair turns at a quarter of the speed.",
)
def by_hand(rng: Generator) -> ByHand:
    x = tensor([[1.0, 2, 0, 0]])  # the pairs are (1, 0) and (2, 0)
    turned = [math.cos(4), 2 * math.cos(1), math.sin(4), 2 * math.sin(1)]
    return ByHand(ask(x, tensor([4]), 16.0), tensor([turned]))


@apply_rope.case(
    "positions in any order",
    2,
    hint="The positions are given: they need not be 0, 1, 2 ... Position 0 changes nothing.",
)
def any_order(rng: Generator) -> list[Trial]:
    x, places = randn(2, 3, 5, 8, generator=rng), tensor([7, 0, 3, 3, 11])
    return [ask(x, places, 50.0), ask(x[0, 0], places, 50.0), ask(x[..., :2], places, 50.0)]


@apply_rope.case(
    "positions of its own for each text",
    hint="Positions of shape (batch, 1, seq) are the same for all heads of a text.",
)
def for_each_text(rng: Generator) -> Trial:
    places = tensor([[[4, 5, 6, 7, 8]], [[0, 0, 0, 1, 2]]])
    return ask(randn(2, 3, 5, 6, generator=rng), places, 20.0)


@apply_rope.case(
    "a score depends on the distance alone",
    judge=Unmoved(
        "Every word moved nine places on, so no distance changed, and no score may change.",
        lambda output: output @ output.mT,
    ),
)
def moved_on(rng: Generator) -> list[Trial]:
    x, places = randn(5, 6, generator=rng), tensor([0, 1, 3, 4, 8])
    return [ask(x, places), ask(x, places + 9)]


@apply_rope.case("the base that it has when none is given", 0.5)
def usual_base(rng: Generator) -> Trial:
    return ask(randn(2, 6, 8, generator=rng), arange(6) + 20)


@apply_rope.case(
    "half precision, late in a text",
    0.5,
    hint="bfloat16 cannot tell position 4097 from 4096. In which dtype are your angles?",
)
def half_precision(rng: Generator) -> list[Trial]:
    x, places = randn(4, 8, generator=rng), tensor([1001, 4097, 4103, 8189])
    return [ask(x.bfloat16(), places), ask(x.half(), places)]


@apply_rope.case("heads of odd size", 0.5)
def odd(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 3, d, generator=rng), arange(3)) for d in (5, 1)]


@apply_rope.case("hidden inputs", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, heads, seq, pairs, base = randint(2, 7, (5,), generator=rng).tolist()
    x = randn(batch, heads, seq, 2 * pairs, generator=rng)
    places = randint(30, (batch, 1, seq), generator=rng)
    return ask(x, places, 30.0 * base).with_gradients()


@apply_rope.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, 8, generator=rng), tensor([3, 0, 4, 1, 6]), base=50.0)


def halves_of_angles(x, positions, base):
    """Cosines and sines, in at least float32, for each pair."""
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError("odd")
    wide = torch.float64 if x.dtype == torch.float64 else torch.float32
    speeds = base ** -(torch.arange(0, d_head, 2, device=x.device, dtype=wide) / d_head)
    angles = positions[..., None].to(wide) * speeds
    return angles.cos(), angles.sin()


@apply_rope.variant
def rotate_half(x, positions, base=10_000.0):
    """As LLaMA is usually written: the angles twice, and x with its halves exchanged."""
    cos, sin = (torch.cat([t, t], dim=-1) for t in halves_of_angles(x, positions, base))
    middle = x.shape[-1] // 2
    exchanged = torch.cat([-x[..., middle:], x[..., :middle]], dim=-1)
    return (x * cos + exchanged * sin).to(x.dtype)


@apply_rope.variant
def complex_numbers(x, positions, base=10_000.0):
    cos, sin = halves_of_angles(x, positions, base)
    a, b = x.to(cos.dtype).tensor_split(2, dim=-1)
    turned = torch.complex(a, b) * torch.complex(cos, sin)
    return torch.cat([turned.real, turned.imag], dim=-1).to(x.dtype)


@apply_rope.variant
def matrices(x, positions, base=10_000.0):
    cos, sin = halves_of_angles(x, positions, base)
    turn = torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2)
    pairs = x.to(cos.dtype).unflatten(-1, (2, -1)).mT.unsqueeze(-1)
    return (turn @ pairs).squeeze(-1).mT.flatten(-2).to(x.dtype)
