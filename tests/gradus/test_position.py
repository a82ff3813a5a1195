"""Positions that are added: the laws of the waves, and the table that is learned."""

import math

import pytest
import torch

from gradus.position import LearnedPositions, sinusoidal_positions


@pytest.mark.parametrize("base", [10_000.0, 20.0])
@pytest.mark.parametrize(("seq", "d_model"), [(1, 2), (7, 6), (50, 16), (0, 4)])
def test_every_number_follows_the_formula(seq, d_model, base):
    table = sinusoidal_positions(seq, d_model, base)
    assert table.dtype == torch.float32
    assert table.shape == (seq, d_model)
    for place in range(seq):
        for i in range(d_model // 2):
            angle = place / base ** (2 * i / d_model)
            assert table[place, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert table[place, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


@pytest.mark.parametrize("further", [1, 5, 23])
def test_a_later_position_is_a_rotation_of_an_earlier_one(further):
    table = sinusoidal_positions(60, 8).double().unflatten(-1, (4, 2))
    angles = further / 10_000 ** (torch.arange(4, dtype=torch.float64) / 4)
    cos, sin = angles.cos(), angles.sin()
    turn = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2)
    turned = torch.einsum("iab,sib->sia", turn, table[:-further])
    torch.testing.assert_close(turned, table[further:], atol=1e-6, rtol=0)


def test_late_positions_are_as_exact_as_early_ones():
    last = sinusoidal_positions(100_001, 2)[-1]
    expected = torch.tensor([math.sin(100_000), math.cos(100_000)])
    torch.testing.assert_close(last, expected, atol=1e-6, rtol=0)


def test_an_odd_width_has_no_pairs():
    with pytest.raises(ValueError, match="d_model=5 is odd: sines and cosines come in pairs"):
        sinusoidal_positions(3, 5)


def test_piece_by_piece_is_the_same_as_at_once(randomise, randn):
    layer, x = randomise(LearnedPositions(9, 4)), randn(2, 9, 4)
    pieces = [layer(x[:, start:end], offset=start) for start, end in ((0, 5), (5, 6), (6, 9))]
    torch.testing.assert_close(torch.cat(pieces, dim=1), layer(x))
    torch.testing.assert_close(layer(x) - x, layer.weight.expand(2, 9, 4))


def test_every_position_that_was_used_learns(randn):
    layer = LearnedPositions(7, 4)
    layer(randn(2, 3, 4), offset=2).sum().backward()
    assert layer.weight.grad[:, 0].tolist() == [0, 0, 2, 2, 2, 0, 0]


@pytest.mark.parametrize(("seq", "offset"), [(8, 0), (3, 5), (1, 7), (2, -1)])
def test_refuses_positions_that_the_table_does_not_have(seq, offset):
    with pytest.raises(ValueError, match="but the table ends at 6"):
        LearnedPositions(7, 4)(torch.zeros(2, seq, 4), offset)
