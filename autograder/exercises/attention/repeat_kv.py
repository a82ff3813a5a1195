"""repeat_kv: several query heads share one head of keys and values."""

import torch
from torch import Generator, arange, randn

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import heads as layers

repeat_kv = Exercise(layers.repeat_kv)

# Two heads of two positions.
HEADS = torch.tensor([[[[1.0, 2], [5, 6]], [[3, 4], [7, 8]]]])


@repeat_kv.case("two heads for four queries' heads, by hand")
def by_hand(rng: Generator) -> ByHand:
    first, second = HEADS[0]
    return ByHand(ask(HEADS, 2), torch.stack([first, first, second, second])[None])


@repeat_kv.case(
    "a batch, all sizes different",
    2,
    hint="Neighbouring query heads share: the first `groups` of them share head 0.",
)
def distinct(rng: Generator) -> Trial:
    return ask(arange(2 * 4 * 5 * 6).view(2, 4, 5, 6).float(), 3)


@repeat_kv.case("one head for all, or one for each", 0.5)
def edges(rng: Generator) -> list[Trial]:
    one, each = randn(2, 1, 5, 4, generator=rng), randn(2, 3, 5, 4, generator=rng)
    return [ask(one, 3), ask(each, 1)]


@repeat_kv.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    *shape, groups = torch.randint(2, 6, (5,), generator=rng).tolist()
    return ask(randn(shape, generator=rng), groups)


@repeat_kv.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, 4, generator=rng), 2)


@repeat_kv.mistake(
    "The heads come round again in turn; each should be repeated on the spot.",
    "Do query heads 0 and 1 get the same head of x?",
)
def in_turn(x, groups):
    return x.repeat(1, groups, 1, 1)


@repeat_kv.mistake("The positions are repeated instead of the heads.", "Which axis should grow?")
def positions(x, groups):
    return x.repeat_interleave(groups, dim=2)


@repeat_kv.mistake("The width is repeated instead of the heads.", "Which axis should grow?")
def width(x, groups):
    return x.repeat_interleave(groups, dim=3)


@repeat_kv.mistake("The batch is repeated instead of the heads.", "Which axis should grow?")
def batch(x, groups):
    return x.repeat_interleave(groups, dim=0)


@repeat_kv.mistake(
    "The heads are in reverse order.", "Which head of x do the first query heads share?"
)
def heads_flipped(x, groups):
    return x.flip(1).repeat_interleave(groups, dim=1)


@repeat_kv.mistake(
    "`groups` is taken for the number of heads in the end.",
    "With 4 heads in x and groups=3, how many heads should come out?",
)
def groups_as_total(x, groups):
    return x.repeat_interleave(max(1, groups // x.shape[1]), dim=1)


@repeat_kv.mistake(
    "Only the first head is repeated; the others are lost.",
    "Which query heads get the last head of x?",
)
def first_only(x, groups):
    return x[:, :1].expand(-1, groups, -1, -1)


@repeat_kv.mistake(
    "The copies stand on an axis of their own.", "How many axes should the result have?"
)
def own_axis(x, groups):
    return x[:, :, None].expand(-1, -1, groups, -1, -1)


@repeat_kv.mistake(
    "expand is asked to make an axis longer that is not of length 1, which torch refuses.",
    "expand copies only along an axis of length 1. Where could one be put?",
)
def expanded_in_place(x, groups):
    return x.expand(-1, x.shape[1] * groups, -1, -1)


@repeat_kv.mistake(
    "repeat_interleave is not told the axis, so everything is laid out in one row.",
    "Which argument of repeat_interleave names the axis?",
)
def without_axis(x, groups):
    return x.repeat_interleave(groups)


@repeat_kv.mistake(
    "Each head is divided among its group.", "Does a head change when several may read it?"
)
def divided(x, groups):
    return x.repeat_interleave(groups, dim=1) / groups


@repeat_kv.mistake(
    "Only the first query head of each group gets the numbers; the others get zeros.",
    "What do the other query heads of a group read?",
)
def zeros_between(x, groups):
    rest = torch.zeros_like(x)
    return torch.stack([x] + [rest] * (groups - 1), dim=2).flatten(1, 2)


@repeat_kv.mistake(
    "`groups` copies are added to each head, one too many.",
    "With groups=1, how many heads should come out?",
)
def one_too_many(x, groups):
    return x.repeat_interleave(groups + 1, dim=1)


@repeat_kv.mistake(
    "Right number of heads, but the copies were made on the wrong axis and pressed into shape.",
    "After your expand, do the copies stand right behind the heads they copy?",
)
def pressed_into_shape(x, groups):
    batch, kv_heads, seq, d_head = x.shape
    return (
        x[:, :, :, None]
        .expand(-1, -1, -1, groups, -1)
        .reshape(batch, kv_heads * groups, seq, d_head)
    )


@repeat_kv.variant
def interleaved(x, groups):
    return torch.repeat_interleave(x, groups, dim=1)


@repeat_kv.variant
def expanded(x, groups):
    batch, kv_heads, seq, d_head = x.shape
    wide = x[:, :, None].expand(batch, kv_heads, groups, seq, d_head)
    return wide.reshape(batch, kv_heads * groups, seq, d_head)


@repeat_kv.variant
def by_index(x, groups):
    return x[:, [head // groups for head in range(x.shape[1] * groups)]]


@repeat_kv.variant
def copy_by_copy(x, groups):
    return torch.cat([x[:, h : h + 1] for h in range(x.shape[1]) for _ in range(groups)], dim=1)
