"""Measured: every piece of memory is counted once, and what is there anyway not at all."""

import torch
from torch import nn

from gradus.memory.measured import saved_by


def test_a_linear_layer_keeps_its_input():
    layer, x = nn.Linear(8, 5), torch.randn(3, 8, requires_grad=True)
    saved = saved_by(lambda: layer(x), besides=layer.parameters())
    assert saved.shapes == [((3, 8), torch.float32, 3 * 8 * 4)]
    assert saved.total_bytes == 96


def test_without_besides_the_weights_are_counted_too():
    layer, x = nn.Linear(8, 5), torch.randn(3, 8, requires_grad=True)
    assert saved_by(lambda: layer(x)).total_bytes == 96 + 8 * 5 * 4


def test_what_two_operations_keep_is_one_piece():
    x = torch.randn(4, 4, requires_grad=True)
    assert saved_by(lambda: (x * x).sum() + x.T.square().sum()).total_bytes == 64


def test_nothing_is_kept_without_gradients():
    layer = nn.Linear(8, 5)
    with torch.no_grad():
        assert saved_by(lambda: layer(torch.randn(3, 8))).total_bytes == 0
