"""mean_pool: against a loop, and at its edges."""

import pytest
import torch

from gradus.pooling import mean_pool


def test_only_real_tokens_count(randn):
    x = randn(3, 5, 4)
    padding = torch.tensor([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 0, 0, 0]]).bool()
    wanted = torch.stack([row[real].mean(0) for row, real in zip(x, padding, strict=True)])
    torch.testing.assert_close(mean_pool(x, padding), wanted)
    torch.testing.assert_close(mean_pool(x), x.mean(1))


def test_padding_may_hold_anything_and_a_text_may_be_empty(randn):
    x = randn(2, 3, 4)
    spoiled = x.detach().clone()
    spoiled[0, 1:] = torch.inf
    spoiled[1] = torch.nan
    spoiled.requires_grad_()
    padding = torch.tensor([[True, False, False], [False, False, False]])
    pooled = mean_pool(spoiled, padding)
    torch.testing.assert_close(pooled, torch.stack([x[0, 0], torch.zeros(4).double()]))
    (gradient,) = torch.autograd.grad(pooled.sum(), spoiled)
    torch.testing.assert_close(gradient, padding.unsqueeze(-1).double().expand(2, 3, 4))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_dtype_stays(dtype):
    assert mean_pool(torch.ones(2, 3, 4, dtype=dtype), torch.ones(2, 3).bool()).dtype == dtype
