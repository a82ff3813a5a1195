"""FeedForward and SwiGLU: against torch's own parts put in order, and against LLaMA's layer."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradus.activation import gelu
from gradus.feedforward import FeedForward, SwiGLU


def assert_same(ours, theirs, x, weight, mine, yours):
    """Compare outputs, then the gradients of x and of all parameters."""
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), (x, *mine)),
        torch.autograd.grad((theirs * weight).sum(), (x, *yours)),
    )


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(6,), (2, 5, 6), (2, 3, 4, 6), (0, 6)], ids=str)
def test_feed_forward_is_linear_gelu_linear(bias, shape, randomise, randn):
    layer = randomise(FeedForward(6, 10, bias=bias))
    oracle = nn.Sequential(nn.Linear(6, 10, bias), nn.GELU(), nn.Linear(10, 6, bias)).double()
    oracle[0].load_state_dict(layer.up.state_dict())
    oracle[2].load_state_dict(layer.down.state_dict())
    x, weight = randn(*shape), randn(*shape).detach()

    mine, yours = layer.parameters(), oracle.parameters()
    assert_same(layer(x), oracle(x), x, weight, mine, yours)


@pytest.mark.parametrize("activation", [F.relu, torch.tanh, partial(gelu, approximate=True)])
def test_another_activation_may_be_given(activation, randomise, randn):
    layer, x = randomise(FeedForward(6, 10, activation=activation)), randn(2, 5, 6)

    torch.testing.assert_close(layer(x), layer.down(activation(layer.up(x))))


@pytest.mark.parametrize("bias", [True, False])
def test_swiglu_is_a_gate_times_a_linear_layer(bias, randomise, randn):
    layer, x = randomise(SwiGLU(6, 10, bias=bias)), randn(2, 5, 6)
    weight = randn(2, 5, 6).detach()
    both = torch.cat([layer.up(x), layer.gate(x) * 1.0], dim=-1)
    up, gate = both.chunk(2, dim=-1)
    expected = layer.down(up * gate / (1 + torch.exp(-gate)))

    parameters = list(layer.parameters())
    assert len(parameters) == (6 if bias else 3)
    assert_same(layer(x), expected, x, weight, parameters, parameters)


@pytest.mark.parametrize("make", [FeedForward, SwiGLU])
def test_each_position_is_worked_on_by_itself(make, randomise, randn):
    layer, x = randomise(make(6, 10)), randn(2, 5, 6).detach()
    changed = x.clone()
    changed[:, 3] += 1.0

    same = (layer(x) == layer(changed)).all(dim=-1).all(dim=0)

    assert same.tolist() == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("layer", "count"),
    [
        (FeedForward(768, 3072), 4_722_432),  # GPT-2's and BERT's
        (SwiGLU(512, 1376), 3 * 512 * 1376),
        (SwiGLU(6, 10, bias=True), 3 * 60 + 10 + 10 + 6),
    ],
)
def test_the_parameters_are_those_of_the_linear_layers(layer, count):
    assert sum(weight.numel() for weight in layer.parameters()) == count


def test_swiglu_is_the_feed_forward_layer_of_llama(randomise, randn):
    transformers = pytest.importorskip("transformers")
    llama = transformers.models.llama.modeling_llama
    config = transformers.LlamaConfig(hidden_size=6, intermediate_size=10, num_attention_heads=1)
    theirs = randomise(llama.LlamaMLP(config))
    ours = SwiGLU(6, 10).double()
    names = {"gate": "gate_proj", "up": "up_proj", "down": "down_proj"}
    for mine, yours in names.items():
        getattr(ours, mine).load_state_dict(getattr(theirs, yours).state_dict())
    x, weight = randn(2, 5, 6), randn(2, 5, 6).detach()

    yours = [getattr(theirs, names[name]).weight for name in ("gate", "up", "down")]
    assert_same(ours(x), theirs(x), x, weight, ours.parameters(), yours)
