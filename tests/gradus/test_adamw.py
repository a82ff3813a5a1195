"""adamw_step: step by step as torch's own optimizer."""

import pytest
import torch
from torch import nn

from gradus.adamw import adamw_step


@pytest.mark.parametrize("decay", [0.0, 0.5, 4.0])
@pytest.mark.parametrize("size", [1.0, 1e-10])
def test_five_steps_are_those_of_torch(decay, size, randn):
    mine = [nn.Parameter(randn(3, 4).detach()), nn.Parameter(randn(5).detach())]
    theirs = [nn.Parameter(p.detach().clone()) for p in mine]
    memories = [{}, {}]
    rules = {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": decay}
    optimizer = torch.optim.AdamW(theirs, **rules)
    for step in range(5):
        for one, other in zip(mine, theirs, strict=True):
            one.grad = size * randn(*one.shape).detach()
            other.grad = one.grad.clone()
        if step == 2:  # the second parameter misses a step, and counts one less
            mine[1].grad = theirs[1].grad = None
        adamw_step(mine, memories, **rules)
        optimizer.step()
        for one, other in zip(mine, theirs, strict=True):
            torch.testing.assert_close(one, other)
    assert [memory["step"] for memory in memories] == [5, 4]


def test_the_first_step_has_the_length_of_the_learning_rate():
    parameter = nn.Parameter(torch.tensor([1.0, 1.0]))
    parameter.grad = torch.tensor([1e-3, -1e3])
    adamw_step([parameter], [{}], lr=0.1, weight_decay=0.0)
    torch.testing.assert_close(parameter.data, torch.tensor([0.9, 1.1]), atol=1e-5, rtol=0)


def test_gradients_stay_and_no_graph_is_made(randn):
    parameter, gradient = nn.Parameter(randn(3).detach()), randn(3).detach()
    parameter.grad, memory = gradient.clone(), {}
    adamw_step([parameter], [memory])
    assert torch.equal(parameter.grad, gradient)
    assert parameter.is_leaf
    assert not memory["mean"].requires_grad
