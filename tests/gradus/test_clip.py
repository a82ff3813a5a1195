"""clip_grad_norm: one factor for all, or none."""

import pytest
import torch
from torch import nn

from gradus.clip import clip_grad_norm


def parameters(*gradients):
    found = []
    for gradient in gradients:
        found.append(nn.Parameter(torch.zeros(2, 3)))
        found[-1].grad = gradient
    return found


def test_a_long_gradient_keeps_its_direction(rng):
    gradients = [torch.randn(2, 3, generator=rng) for _ in range(2)]
    ours = parameters(gradients[0].clone(), None, gradients[1].clone())
    norm = clip_grad_norm(ours, 0.5)
    expected = torch.cat(gradients).norm()
    torch.testing.assert_close(norm, expected)
    torch.testing.assert_close(ours[0].grad, gradients[0] * 0.5 / expected)
    torch.testing.assert_close(clip_grad_norm(ours, 9.0), torch.tensor(0.5))


def test_a_short_gradient_stays_to_the_last_bit(rng):
    gradient = torch.randn(2, 3, generator=rng)
    ours = parameters(gradient.clone())
    clip_grad_norm(ours, 100.0)
    assert torch.equal(ours[0].grad, gradient)


def test_zeros_and_no_gradients_at_all():
    assert clip_grad_norm(parameters(torch.zeros(2, 3)), 1.0) == 0
    assert clip_grad_norm(parameters(None), 1.0) == 0
    assert clip_grad_norm([], 1.0) == 0


@pytest.mark.parametrize("wrong", [float("inf"), float("nan")])
def test_what_is_not_finite_is_left_to_be_seen(wrong):
    gradient = torch.ones(2, 3)
    gradient[0, 0] = wrong
    ours = parameters(gradient.clone(), torch.ones(2, 3))
    assert not clip_grad_norm(ours, 1.0).isfinite()
    assert torch.equal(ours[1].grad, torch.ones(2, 3))
    assert torch.equal(ours[0].grad.nan_to_num(7), gradient.nan_to_num(7))
