"""Blocks that know who is near: their attention, told apart from their output."""

import torch

from gradus.heads import merge_heads, split_heads
from gradus.nearby import nearby_blocks, weights_of


def test_the_weights_are_those_that_the_block_uses(rng, randn):
    (block,) = nearby_blocks(12, 3, 1, rng)
    block.double()
    x = randn(2, 5, 12)
    weights = weights_of(block, x)
    attention, read = block.attention, block.attention_norm(x)
    mixed = weights @ split_heads(attention.value(read), 3)

    torch.testing.assert_close(attention.out(merge_heads(mixed)), attention(read))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3, 5, dtype=torch.float64))


def test_heads_start_with_likings_of_their_own(rng):
    first, second = nearby_blocks(12, 3, 2, rng)
    likings = torch.cat([block.attention.relative.weight for block in (first, second)], dim=1)
    assert likings.std() > 1
    assert len(likings.argmax(0).unique()) > 1


def test_the_same_seed_gives_the_same_likings():
    one, other = (nearby_blocks(12, 3, 2, torch.Generator().manual_seed(1)) for _ in range(2))
    for mine, theirs in zip(one, other, strict=True):
        ours, yours = mine.attention, theirs.attention
        assert torch.equal(ours.relative.weight, yours.relative.weight)
        assert torch.equal(ours.query.weight, yours.query.weight)
