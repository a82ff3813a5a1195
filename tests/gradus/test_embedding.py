"""Embedding: against torch's own, values and gradients, and what it refuses."""

import pytest
import torch
from torch import nn

from gradus.embedding import Embedding


@pytest.mark.parametrize("padding", [None, 0, 4])
@pytest.mark.parametrize("shape", [(), (5,), (2, 7), (2, 3, 4), (0,)], ids=str)
def test_values_and_gradients_are_those_of_torch(padding, shape, randomise, randn):
    ours, theirs = (kind(11, 5, padding) for kind in (Embedding, nn.Embedding))
    randomise(ours)
    theirs.double().load_state_dict(ours.state_dict())
    ids, weight = torch.randint(11, shape), randn(*shape, 5).detach()
    ids = torch.where(torch.rand(shape) < 0.3, 4, ids)

    torch.testing.assert_close(ours(ids), theirs(ids))
    torch.testing.assert_close(
        torch.autograd.grad((ours(ids) * weight).sum(), ours.weight),
        torch.autograd.grad((theirs(ids) * weight).sum(), theirs.weight),
    )


def test_starts_at_unit_scale_with_padding_at_zero():
    weight = Embedding(400, 64, padding=3).weight
    assert not weight[3].any()
    assert abs(weight.mean()) < 0.05
    assert abs(weight.std() - 1) < 0.05


def test_padding_is_never_learned():
    table = Embedding(6, 4, padding=2)
    optimizer = torch.optim.SGD(table.parameters(), lr=1.0)
    table(torch.arange(6)).sum().backward()
    optimizer.step()
    assert not table.weight[2].any()


@pytest.mark.parametrize("dtype", [torch.int16, torch.int32, torch.int64])
def test_any_kind_of_whole_number_is_an_id(dtype, randomise):
    table = randomise(Embedding(6, 4, padding=0))
    assert torch.equal(table(torch.tensor([5, 0, 1], dtype=dtype)), table.weight[[5, 0, 1]])


@pytest.mark.parametrize(("wrong", "named"), [([1, -1], "no token -1"), ([6, 2], "no token 6")])
def test_refuses_ids_that_are_not_in_the_table(wrong, named):
    with pytest.raises(ValueError, match=f"{named}: the ids go from 0 to 5"):
        Embedding(6, 4)(torch.tensor(wrong))


@pytest.mark.parametrize("wrong", [[1.0, 2.0], [True, False]])
def test_refuses_ids_that_are_not_whole_numbers(wrong):
    with pytest.raises(TypeError):
        Embedding(6, 4)(torch.tensor(wrong))


@pytest.mark.parametrize("padding", [-1, 6])
def test_refuses_padding_that_is_no_token(padding):
    with pytest.raises(ValueError, match=f"padding={padding} is no token: the ids go from 0 to 5"):
        Embedding(6, 4, padding)
