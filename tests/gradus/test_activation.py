"""gelu: against torch's own and against its definition as a share of the normal distribution."""

import pytest
import torch
from torch.distributions import Normal
from torch.nn import functional as F

from gradus.activation import gelu

GRID = torch.linspace(-6, 6, 1201, dtype=torch.float64)


@pytest.mark.parametrize("approximate", [False, True])
@pytest.mark.parametrize("shape", [(0,), (5,), (2, 3, 5)], ids=str)
def test_values_and_gradients_are_those_of_torch(approximate, shape, randn):
    x, weight = randn(*shape), randn(*shape).detach()
    output, expected = (
        gelu(x, approximate),
        F.gelu(x, approximate="tanh" if approximate else "none"),
    )

    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), x),
        torch.autograd.grad((expected * weight).sum(), x),
    )


def test_it_is_x_times_the_share_of_the_normal_distribution_below_x():
    torch.testing.assert_close(gelu(GRID), GRID * Normal(0.0, 1.0).cdf(GRID))


def test_the_two_forms_part_by_less_than_they_promise_and_most_near_2_7():
    apart = (gelu(GRID) - gelu(GRID, approximate=True)).abs()

    assert 4.7e-4 < apart.max() < 5e-4
    assert abs(GRID[apart.argmax()].abs() - 2.7) < 0.02


@pytest.mark.parametrize(
    ("x", "approximate", "published"),
    [
        (1.0, False, 0.8413447),
        (1.0, True, 0.8411920),
        (-1.0, False, -0.1586553),
        (-1.0, True, -0.1588079),
    ],
)
def test_published_values(x, approximate, published):
    assert gelu(torch.tensor(x).double(), approximate).item() == pytest.approx(published, abs=2e-7)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("approximate", [False, True])
def test_far_from_zero_it_is_closed_or_wide_open(dtype, approximate, device):
    x = torch.tensor([-1e4, -200.0, 0.0, 200.0, 1e4], dtype=dtype, device=device)

    output = gelu(x, approximate)

    assert output.dtype == dtype
    torch.testing.assert_close(output, x.relu())
