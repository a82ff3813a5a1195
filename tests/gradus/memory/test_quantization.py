"""Quantisation: the laws that every codes must keep, and PyTorch's own kernels."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradus.memory import dequantize_int8, quantize_int8

WAYS = [(per, sym) for per in (True, False) for sym in (True, False)]
weights = st.lists(
    st.lists(st.floats(-1e4, 1e4, width=32), min_size=3, max_size=3), min_size=1, max_size=4
)


@pytest.mark.parametrize(("per_channel", "symmetric"), WAYS)
@given(weights)
def test_no_value_is_off_by_more_than_half_a_scale(per_channel, symmetric, rows):
    x = torch.tensor(rows, dtype=torch.float64)
    codes, scale, zero = quantize_int8(x, per_channel, symmetric)
    off = (dequantize_int8(codes, scale, zero) - x).abs()
    assert (off <= 0.5 * scale * (1 + 1e-6)).all()


@pytest.mark.parametrize(("per_channel", "symmetric"), WAYS)
@given(weights)
def test_zero_comes_back_as_zero(per_channel, symmetric, rows):
    x = torch.tensor(rows)
    x[:, 0] = 0
    back = dequantize_int8(*quantize_int8(x, per_channel, symmetric))
    assert (back[:, 0] == 0).all()


@pytest.mark.parametrize(("per_channel", "symmetric"), WAYS)
def test_random_weights_are_off_by_half_a_scale_at_most(per_channel, symmetric, rng):
    x = torch.randn(7, 50, generator=rng, dtype=torch.float64) + 0.7
    codes, scale, zero = quantize_int8(x, per_channel, symmetric)
    off = (dequantize_int8(codes, scale, zero) - x).abs() / scale
    assert off.max() <= 0.5 + 1e-9
    assert codes.dtype == torch.int8
    assert scale.shape == zero.shape == ((7, 1) if per_channel else (1, 1))
    assert codes.int().amin() >= (-127 if symmetric else -128)


@pytest.mark.parametrize("symmetric", [True, False])
def test_pytorchs_kernel_for_channels_gives_the_same_values(symmetric, rng):
    x = torch.randn(6, 40, generator=rng)
    codes, scale, zero = quantize_int8(x, True, symmetric)
    theirs = torch.fake_quantize_per_channel_affine(x, scale[:, 0], zero[:, 0], 0, -128, 127)
    torch.testing.assert_close(dequantize_int8(codes, scale, zero), theirs)


def test_the_ends_get_the_codes_at_the_ends():
    x = torch.tensor([[-1.0, 0.3, 3.0], [-2.0, 0.0, 1.0]])
    codes, _, _ = quantize_int8(x)
    assert codes[0, 2] == 127
    assert codes[1, 0] == -127
    codes, _, _ = quantize_int8(x, symmetric=False)
    assert codes[:, 0].tolist() == [-128, -128]
    assert codes[:, 2].tolist() == [127, 127]


def test_where_all_is_zero_nothing_is_divided_by_zero():
    for way in WAYS:
        codes, scale, zero = quantize_int8(torch.zeros(2, 3), *way)
        assert (scale == 1).all()
        assert (dequantize_int8(codes, scale, zero) == 0).all()


def test_values_on_one_side_of_zero_keep_zero_among_the_codes():
    x = torch.tensor([[5.0, 5.5, 6.0]])
    codes, scale, zero = quantize_int8(x, symmetric=False)
    assert zero.item() == -128
    assert scale.item() == pytest.approx(6 / 255)
    assert codes.max() == 127


def test_half_precision_is_computed_in_single_and_double_in_double():
    x = torch.tensor([[0.1, -0.7, 0.33]])
    assert quantize_int8(x.half())[1].dtype == torch.float32
    assert quantize_int8(x.bfloat16())[1].dtype == torch.float32
    assert quantize_int8(x.double())[1].dtype == torch.float64


def test_a_large_row_spoils_the_others_only_where_all_share_a_scale(rng):
    x = torch.randn(8, 64, generator=rng)
    x[0] *= 100
    by_row = dequantize_int8(*quantize_int8(x, True)) - x
    by_all = dequantize_int8(*quantize_int8(x, False)) - x
    assert by_row[1:].square().mean() < by_all[1:].square().mean() / 100
