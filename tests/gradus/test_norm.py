"""LayerNorm and RMSNorm: against torch's own, values and gradients, and against their laws."""

import pytest
import torch
from torch import nn

from gradus.norm import LayerNorm, RMSNorm

PAIRS = [
    pytest.param(LayerNorm, nn.LayerNorm, id="LayerNorm"),
    pytest.param(RMSNorm, nn.RMSNorm, id="RMSNorm"),
]


@pytest.fixture
def twins(randomise):
    """Make our norm and torch's with the same random parameters."""

    def make(ours, theirs, eps):
        norm, oracle = randomise(ours(7, eps=eps)), theirs(7, eps=eps).double()
        oracle.load_state_dict(norm.state_dict())
        return norm, oracle

    return make


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("eps", [1e-6, 1e-5, 0.1])
@pytest.mark.parametrize("shape", [(7,), (5, 7), (2, 3, 5, 7), (0, 7)], ids=str)
def test_values_and_all_gradients_are_those_of_torch(ours, theirs, eps, shape, twins, randn):
    norm, oracle = twins(ours, theirs, eps)
    x, weight = randn(*shape), randn(*shape).detach()
    output, expected = norm(x), oracle(x)

    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), (x, *norm.parameters())),
        torch.autograd.grad((expected * weight).sum(), (x, *oracle.parameters())),
    )


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_narrow_input_is_computed_wide_and_returned_narrow(
    ours, theirs, dtype, size, randn, device
):
    x = (randn(5, 7).detach() * size).to(device=device, dtype=dtype)
    expected = theirs(7, eps=1e-5).to(device)(x.float())  # squares of 1000 overflow in float16

    output = ours(7, eps=1e-5).to(device)(x)

    assert output.dtype == dtype
    torch.testing.assert_close(output, expected.to(dtype))


@pytest.mark.parametrize(
    ("norm", "oracle"),
    [(LayerNorm(7), nn.LayerNorm(7, eps=1e-5)), (RMSNorm(7), nn.RMSNorm(7, eps=1e-6))],
)
def test_a_norm_starts_as_the_plain_normalisation(norm, oracle, randn):
    x = 0.01 * randn(5, 7, dtype=torch.float32)  # so small that eps matters

    torch.testing.assert_close(norm(x), oracle(x))


def test_layer_norm_has_mean_0_and_variance_1(randn):
    output = LayerNorm(7, eps=0.0).double()(randn(5, 7))

    torch.testing.assert_close(output.mean(dim=-1), torch.zeros(5).double())
    torch.testing.assert_close(output.var(dim=-1, correction=0), torch.ones(5).double())


def test_layer_norm_does_not_see_shift_and_scale(randn):
    norm, x = LayerNorm(7, eps=0.0).double(), randn(5, 7)

    torch.testing.assert_close(norm(3.0 * x + 2.0), norm(x))


def test_rms_norm_does_not_see_scale_but_sees_shift(randn):
    norm, x = RMSNorm(7, eps=0.0).double(), randn(5, 7)

    torch.testing.assert_close(norm(3.0 * x), norm(x))
    assert not torch.allclose(norm(x + 2.0), norm(x))


def test_rms_norm_of_two_numbers_by_hand():
    x = torch.tensor([3.0, 4.0])

    torch.testing.assert_close(RMSNorm(2, eps=0.0)(x), x / 12.5**0.5)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_a_vector_without_size_stays_finite(ours, theirs, twins):
    norm, oracle = twins(ours, theirs, 1e-5)
    x = torch.zeros(5, 7, dtype=torch.float64, requires_grad=True)

    norm(x).sum().backward()

    torch.testing.assert_close(norm(x), oracle(x))
    assert x.grad.isfinite().all()


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_input_is_left_as_it_was(ours, theirs, randn):
    x = randn(5, 7).detach()
    before = x.clone()

    ours(7).double()(x)

    assert torch.equal(before, x)
