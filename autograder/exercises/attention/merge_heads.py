"""merge_heads: the narrow vectors of all heads side by side again."""

import torch
from torch import Generator, arange, randn

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import heads as layers

merge_heads = Exercise(layers.merge_heads)

# Two positions of width 4, and the same numbers as two heads of width 2.
WIDE = torch.tensor([[[1.0, 2, 3, 4], [5, 6, 7, 8]]])
NARROW = torch.tensor([[[[1.0, 2], [5, 6]], [[3, 4], [7, 8]]]])


@merge_heads.case("two positions, two heads, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(NARROW), WIDE)


@merge_heads.case(
    "a batch, all sizes different", 2, hint="Each row is one position: all its heads."
)
def distinct(rng: Generator) -> Trial:
    return ask(arange(2 * 3 * 5 * 4).view(2, 3, 5, 4).float())


@merge_heads.case("as many heads as positions")
def coincidence(rng: Generator) -> Trial:
    return ask(arange(2 * 3 * 3 * 4).view(2, 3, 3, 4).float())


@merge_heads.case("one head, or one position", 0.5)
def one(rng: Generator) -> list[Trial]:
    return [ask(randn(2, 1, 3, 4, generator=rng)), ask(randn(2, 3, 1, 4, generator=rng))]


@merge_heads.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    return ask(randn(torch.randint(2, 7, (4,), generator=rng).tolist(), generator=rng))


@merge_heads.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, 4, generator=rng))


@merge_heads.mistake(
    "The numbers are joined in the order they lie in memory, so positions mix.",
    "Does row 0 of the result hold position 0 of every head?",
)
def no_transpose(x):
    batch, heads, seq, d_head = x.shape
    return x.reshape(batch, seq, heads * d_head)


@merge_heads.mistake(
    "The heads are shuffled together number by number instead of laid side by side.",
    "Which numbers stand first in a row of the result: all of head 0, or one of each head?",
)
def shuffled(x):
    return x.permute(0, 2, 3, 1).flatten(2)


@merge_heads.mistake(
    "The heads are averaged.", "How wide should the result be, when nothing may be lost?"
)
def averaged(x):
    return x.mean(1)


@merge_heads.mistake(
    "The heads are added up.", "How wide should the result be, when nothing may be lost?"
)
def added(x):
    return x.sum(1)


@merge_heads.mistake(
    "view is used on a tensor whose axes were only exchanged, which torch refuses.",
    "After a transpose the numbers no longer lie in order. What makes a copy that does?",
)
def view_after_transpose(x):
    batch, heads, seq, d_head = x.shape
    return x.transpose(1, 2).view(batch, seq, heads * d_head)


@merge_heads.mistake(
    "The heads are laid one after another along the positions.",
    "Which axis should grow when heads are merged?",
)
def along_positions(x):
    return x.flatten(1, 2)


@merge_heads.mistake(
    "The axes are in order, but the heads are not merged yet.",
    "How many axes should the result have?",
)
def not_merged(x):
    return x.transpose(1, 2)


@merge_heads.mistake(
    "The heads are in reverse order.", "Which head's numbers stand first in a row?"
)
def heads_reversed(x):
    return x.flip(1).transpose(1, 2).flatten(2)


@merge_heads.mistake("Only the first head is kept.", "Where do the other heads go?")
def first_head(x):
    return x[:, 0]


@merge_heads.mistake(
    "Batch and positions are merged into one axis.", "How many axes should the result have?"
)
def batch_merged(x):
    return x.transpose(1, 2).flatten(2).flatten(0, 1)


@merge_heads.mistake(
    "Positions and width of a head are exchanged before merging.",
    "Which two axes should change places?",
)
def wrong_transpose(x):
    batch, heads, seq, d_head = x.shape
    return x.transpose(2, 3).reshape(batch, seq, heads * d_head)


@merge_heads.variant
def transpose_and_reshape(x):
    batch, heads, seq, d_head = x.shape
    return x.transpose(1, 2).reshape(batch, seq, heads * d_head)


@merge_heads.variant
def contiguous_view(x):
    moved = x.permute(0, 2, 1, 3).contiguous()
    return moved.view(*moved.shape[:2], -1)


@merge_heads.variant
def side_by_side(x):
    return torch.cat([x[:, head] for head in range(x.shape[1])], dim=-1)


@merge_heads.variant
def flattened(x):
    return x.movedim(1, 2).flatten(start_dim=2)
