"""split_heads: one wide vector per position as several narrow ones."""

import torch
from torch import Generator, arange, randn

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import heads as layers

split_heads = Exercise(layers.split_heads)

# Two positions of width 4, and the same numbers as two heads of width 2.
WIDE = torch.tensor([[[1.0, 2, 3, 4], [5, 6, 7, 8]]])
NARROW = torch.tensor([[[[1.0, 2], [5, 6]], [[3, 4], [7, 8]]]])


@split_heads.case("two positions, two heads, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(WIDE, 2), NARROW)


@split_heads.case("a batch, all sizes different", 2, hint="Head 0 gets the first d_head numbers.")
def distinct(rng: Generator) -> Trial:
    return ask(arange(2 * 5 * 12).view(2, 5, 12).float(), 3)


@split_heads.case("as many heads as positions")
def coincidence(rng: Generator) -> Trial:
    return ask(arange(2 * 3 * 12).view(2, 3, 12).float(), 3)


@split_heads.case("one head", 0.5)
def one(rng: Generator) -> Trial:
    return ask(randn(2, 3, 4, generator=rng), 1)


@split_heads.case("a width that does not divide", 0.5)
def uneven(rng: Generator) -> Trial:
    return ask(randn(2, 5, 8, generator=rng), 3)


@split_heads.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    sizes = 2 + torch.randperm(5, generator=rng)  # all different: no mistake is right by luck
    batch, seq, heads, d_head, _ = sizes.tolist()
    return ask(randn(batch, seq, heads * d_head, generator=rng), heads)


@split_heads.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 5, 12, generator=rng), 3)


def _refuse_uneven(x, heads):
    if x.shape[-1] % heads:
        raise ValueError


def _split(x, heads):
    """The right heads, before any axis moves: batch, seq, heads, d_head."""
    _refuse_uneven(x, heads)
    return x.unflatten(-1, (heads, -1))


@split_heads.mistake(
    "The numbers are cut up in the order they lie in memory, so heads mix positions.",
    "Does head 0 of position 1 hold numbers that came from position 1?",
)
def scrambled(x, heads):
    _refuse_uneven(x, heads)
    batch, seq, d_model = x.shape
    return x.reshape(batch, heads, seq, d_model // heads)


@split_heads.mistake(
    "Heads take turns number by number instead of getting neighbouring numbers.",
    "Which numbers of the width does head 0 get?",
)
def taking_turns(x, heads):
    _refuse_uneven(x, heads)
    return x.unflatten(-1, (-1, heads)).permute(0, 3, 1, 2)


@split_heads.mistake(
    "The heads are still behind the positions.",
    "Each head should have its own row of positions. Which axis comes first then?",
)
def heads_behind(x, heads):
    return _split(x, heads)


@split_heads.mistake(
    "Positions and width of a head are exchanged.", "What are the last two axes, in order?"
)
def transposed(x, heads):
    return _split(x, heads).permute(0, 2, 3, 1)


@split_heads.mistake(
    "`heads` is taken for the width of a head, not for their number.",
    "A width of 12 and heads=3: how wide is each head?",
)
def heads_as_width(x, heads):
    _refuse_uneven(x, heads)
    return x.unflatten(-1, (-1, heads)).transpose(1, 2)


@split_heads.mistake(
    "Batch and heads are merged into one axis.", "How many axes should the result have?"
)
def merged_with_batch(x, heads):
    return _split(x, heads).transpose(1, 2).flatten(0, 1)


@split_heads.mistake(
    "The heads are in front of the batch.", "In which order do batch and heads come?"
)
def heads_in_front(x, heads):
    _refuse_uneven(x, heads)
    return torch.stack(x.chunk(heads, dim=-1))


@split_heads.mistake(
    "The heads are in reverse order.", "Which numbers of the width does head 0 get?"
)
def reversed_heads(x, heads):
    return _split(x, heads).transpose(1, 2).flip(1)


@split_heads.mistake(
    "The positions are cut up instead of the width.", "Which axis do the heads share out?"
)
def positions_cut(x, heads):
    _refuse_uneven(x, heads)
    return torch.stack(x.tensor_split(heads, dim=1), dim=1)


@split_heads.mistake(
    "Every head gets the numbers of the first.", "What changes from one head to the next?"
)
def same_slice(x, heads):
    right = _split(x, heads).transpose(1, 2)
    return right[:, :1].expand_as(right)


@split_heads.mistake(
    "It returns a list of heads, not one tensor.", "What puts several tensors along a new axis?"
)
def as_list(x, heads):
    _refuse_uneven(x, heads)
    return list(x.chunk(heads, dim=-1))


@split_heads.mistake(
    "A width that does not divide is not refused: what is left over is dropped.",
    "What does the docstring say should happen when the width does not divide?",
)
def leftover_dropped(x, heads):
    d_head = x.shape[-1] // heads
    return x[..., : heads * d_head].unflatten(-1, (heads, d_head)).transpose(1, 2)


@split_heads.mistake(
    "A width that does not divide is not refused: it runs into an error of torch.",
    "What does the docstring say should happen when the width does not divide?",
)
def runs_into_an_error(x, heads):
    batch, seq, d_model = x.shape
    return x.reshape(batch, seq, heads, d_model // heads).transpose(1, 2)


@split_heads.mistake(
    "A width that does not divide is refused with an AssertionError, not a ValueError.",
    "Which kind of error does the docstring promise?",
)
def asserts(x, heads):
    assert x.shape[-1] % heads == 0
    return _split(x, heads).transpose(1, 2)


@split_heads.variant
def with_view(x, heads):
    batch, seq, d_model = x.shape
    if d_model % heads != 0:
        raise ValueError("uneven")
    return x.view(batch, seq, heads, d_model // heads).transpose(1, 2)


@split_heads.variant
def stack_of_chunks(x, heads):
    _refuse_uneven(x, heads)
    return torch.stack(torch.chunk(x, heads, dim=2), dim=1)


@split_heads.variant
def slice_by_slice(x, heads):
    if x.shape[-1] // heads * heads != x.shape[-1]:
        raise ValueError("uneven")
    d = x.shape[-1] // heads
    return torch.cat([x[:, None, :, h * d : (h + 1) * d] for h in range(heads)], dim=1)


@split_heads.variant
def with_permute(x, heads):
    _refuse_uneven(x, heads)
    return x.reshape(*x.shape[:2], heads, -1).permute(0, 2, 1, 3).contiguous()
