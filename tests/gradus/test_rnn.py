"""The recurrent network: against torch's own cell and layer, and what its gradient forgets."""

import pytest
import torch
from torch import nn

from gradus.rnn import RNN, forgetting_curve, rnn_step

BATCH, D_IN, D_HIDDEN = 2, 3, 4


@pytest.fixture
def inputs(randn):
    """x, h, w_x, w_h and b."""
    return (
        randn(BATCH, D_IN),
        randn(BATCH, D_HIDDEN),
        randn(D_IN, D_HIDDEN),
        randn(D_HIDDEN, D_HIDDEN),
        randn(D_HIDDEN),
    )


def test_a_step_by_hand():
    x, h = torch.tensor([1.0, 2.0]), torch.tensor([3.0])
    w_x, w_h, b = torch.tensor([[4.0], [-5.0]]), torch.tensor([[2.0]]), torch.tensor([0.5])

    torch.testing.assert_close(rnn_step(x, h, w_x, w_h, b), torch.tensor([0.5]).tanh())


def test_values_and_all_gradients_are_those_of_torch(inputs):
    x, h, w_x, w_h, b = inputs
    ours = rnn_step(*inputs)
    theirs = torch.rnn_tanh_cell(x, h, w_x.mT, w_h.mT, b, torch.zeros_like(b))
    weight = torch.arange(1.0, 1.0 + ours.numel()).double().view(ours.shape)

    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), inputs),
        torch.autograd.grad((theirs * weight).sum(), inputs),
    )


def test_gradients_match_finite_differences(inputs):
    assert torch.autograd.gradcheck(rnn_step, inputs)


def test_the_states_are_those_of_torch(rng):
    model = RNN(vocab=7, d_hidden=5)
    ids = torch.randint(7, (3, 6), generator=rng)
    theirs = nn.RNN(5, 5, batch_first=True)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(model.w_x.mT)
        theirs.weight_hh_l0.copy_(model.w_h.mT)
        theirs.bias_ih_l0.copy_(model.b)
        theirs.bias_hh_l0.zero_()

    torch.testing.assert_close(model(ids), model.out(theirs(model.embedding(ids))[0]))


def test_later_tokens_change_no_earlier_logits(rng):
    model, ids = RNN(7, 5), torch.randint(7, (2, 6), generator=rng)
    other = ids.clone()
    other[:, 4:] = 0

    torch.testing.assert_close(model(ids)[:, :4], model(other)[:, :4])


def test_half_the_memory_is_lost_at_each_step():
    """Where the state stays near 0 the network is linear: a factor of w_h per step."""
    model = RNN(vocab=3, d_hidden=4)
    with torch.no_grad():
        model.w_h.copy_(torch.eye(4) / 2)
        model.embedding.weight.mul_(1e-4)

    curve = forgetting_curve(model, torch.tensor([[0, 1, 2, 1, 0, 2]]), torch.tensor([1]))

    torch.testing.assert_close(curve, curve[0] * 0.5 ** torch.arange(6.0), rtol=1e-3, atol=0)
