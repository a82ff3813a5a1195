"""init_weights: spreads, zeros, and a stream that starts as wide with many layers as with few."""

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.embedding import Embedding
from gradus.feedforward import SwiGLU
from gradus.initialise import init_weights


def model(layers: int) -> nn.Module:
    blocks = [Block(64, 4, 128) for _ in range(layers)]
    return nn.Sequential(nn.Embedding(500, 64), *blocks, nn.Linear(64, 500))


def spread(weight: torch.Tensor) -> float:
    return weight.std().item()


def test_weights_are_small_and_the_last_of_each_part_smaller(rng):
    made = model(8)
    init_weights(made, layers=8, generator=rng)

    block = made[3]
    for linear in (block.attention.query, block.feedforward.up, made[-1], made[0]):
        assert spread(linear.weight) == pytest.approx(0.02, rel=0.05)
    for linear in (block.attention.out, block.feedforward.down):
        assert spread(linear.weight) == pytest.approx(0.02 / 4, rel=0.05)


def test_biases_are_0_and_norms_left_alone(rng):
    made = model(2)
    init_weights(made, layers=2, generator=rng)

    for block in made[1:3]:
        assert not block.attention.query.bias.any()
        assert not block.feedforward.down.bias.any()
        assert torch.equal(block.attention_norm.weight, torch.ones(64))


def test_a_gated_layer_is_known_too(rng):
    block = Block(64, 4, 128, feedforward=SwiGLU(64, 128))
    init_weights(block, layers=2, generator=rng)

    assert spread(block.feedforward.down.weight) == pytest.approx(0.01, rel=0.05)


def test_our_own_embedding_is_drawn_too_except_its_padding(rng):
    made = Embedding(500, 64, padding=3)
    init_weights(made, layers=1, generator=rng)

    assert spread(made.weight) == pytest.approx(0.02, rel=0.05)
    assert not made.weight[3].any()


def test_the_stream_grows_alike_with_few_layers_and_many(rng):
    grown = {}
    for layers in (1, 32):
        blocks = nn.Sequential(*[Block(64, 4, 128) for _ in range(layers)])
        init_weights(blocks, layers=layers, std=0.2, generator=rng)
        x = torch.randn(4, 16, 64, generator=rng)
        grown[layers] = spread(blocks(x) - x)

    assert grown[32] == pytest.approx(grown[1], rel=0.3)


def test_a_seed_decides_all_weights_and_the_global_one_is_left_alone():
    before = torch.get_rng_state()
    one, other = Block(12, 3, 10), Block(12, 3, 10)
    between = torch.get_rng_state()
    for block in (one, other):
        init_weights(block, layers=1, generator=torch.Generator().manual_seed(3))

    assert torch.equal(torch.get_rng_state(), between)
    assert not torch.equal(before, between)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_a_model_without_layers_is_refused():
    with pytest.raises(ValueError, match="at least 1 layer, not layers=0"):
        init_weights(nn.Linear(3, 3), layers=0)
