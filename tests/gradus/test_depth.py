"""Deep stacks: what goes up, what comes down, and what is learned."""

import math

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.depth import echo, likeness, start, through


class Scale(nn.Module):
    """Multiply by a number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_what_each_layer_multiplies_by_adds_up_in_both_directions(factor, randn):
    sizes, gradients = through([Scale(factor)] * 10, randn(4, 5, 8))

    assert len(sizes) == len(gradients) == 11
    assert sizes[10] / sizes[0] == pytest.approx(factor**10)
    assert gradients[0] / gradients[10] == pytest.approx(factor**10)
    assert gradients[10] == pytest.approx(1, abs=0.2)


def test_linear_layers_start_so_that_they_multiply_by_the_given_size(rng):
    layers = [nn.Linear(256, 256) for _ in range(4)]
    start(layers, 1.5, rng)
    sizes, _ = through(layers, torch.randn(4, 5, 256, generator=rng))

    assert sizes[4] / sizes[0] == pytest.approx(1.5**4, rel=0.1)
    assert not layers[0].bias.any()


def test_equal_positions_are_alike_and_opposite_ones_are_not():
    x = torch.tensor([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0], [-1.0, -2.0]]])

    assert likeness([], x[:1]) == [pytest.approx(1)]
    assert likeness([], x[1:]) == [pytest.approx(-1)]
    assert likeness([nn.Identity()], x) == [pytest.approx(0, abs=1e-6)] * 2


def test_blocks_learn_to_echo_and_layers_that_hand_on_nothing_do_not(rng):
    blocks = [Block(16, 2, 32) for _ in range(2)]
    start(blocks, generator=rng)
    losses = list(echo(blocks, 16, steps=40, rate=1e-2))
    deaf = list(echo([Scale(0.0)], 16, steps=40, rate=1e-2))

    assert losses[0] > 2
    assert losses[-1] < 0.5
    assert deaf[-1] > math.log(16) - 0.2


def test_the_same_seed_trains_the_same_way():
    runs = [list(echo([nn.Identity()], 16, steps=3, seed=5)) for _ in range(2)]

    assert runs[0] == runs[1]
