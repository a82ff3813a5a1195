"""A feed-forward layer with a gate of any activation."""

import torch
from torch.nn import functional as F

from gradus.feedforward import SwiGLU
from gradus.gated import GatedFeedForward


def test_with_silu_it_is_swiglu(randomise, randn):
    ours = randomise(GatedFeedForward(4, 7, F.silu, bias=True))
    swiglu = SwiGLU(4, 7, bias=True).double()
    swiglu.load_state_dict(ours.state_dict())
    x = randn(2, 3, 4)

    torch.testing.assert_close(ours(x), swiglu(x))


def test_the_activation_is_on_the_gate_alone(randomise, randn):
    ours = randomise(GatedFeedForward(4, 7, torch.relu))
    x = randn(2, 3, 4)
    expected = ours.down(ours.gate(x).clamp(min=0) * ours.up(x))

    torch.testing.assert_close(ours(x), expected)
