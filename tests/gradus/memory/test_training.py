"""Training: the parts of the papers add up, and so does what PyTorch really keeps."""

import pytest
import torch
from torch import nn

from gradus.memory import training_bytes
from gradus.memory.units import in_gb


def test_zero_section_3_1_needs_24_gigabytes_for_gpt2():
    # Rajbhandari et al. 2019, section 3.1: 16 bytes a parameter, 1.5B parameters, at least 24 GB.
    assert in_gb(training_bytes(1_500_000_000, "mixed", "adam")) == 24


def test_the_course_trains_a_billion_parameters_in_24_gigabytes_with_activations():
    # DeepLearning.AI and AWS, week 1: weights 4, Adam 8, gradients 4, and activations 8 ("high-end
    # estimate"), all in fp32. The 80 GB of an older slide are 4 times 20, a slip.
    assert in_gb(training_bytes(10**9, "fp32", "adam") + 8 * 10**9) == 24


def test_autocast_takes_18_bytes_a_parameter():
    # The transformers library's page on training memory: 6 for weights (4 + 2), 8 for AdamW, 4 for
    # gradients.
    assert training_bytes(1, "autocast", "adam") == 6 + 8 + 4


@pytest.mark.parametrize(
    ("recipe", "adam", "momentum", "sgd"),
    [("fp32", 16, 12, 8), ("mixed", 16, 12, 8), ("autocast", 18, 14, 10), ("bf16", 8, 6, 4)],
)
def test_bytes_of_a_parameter(recipe, adam, momentum, sgd):
    assert training_bytes(1, recipe, "adam") == adam
    assert training_bytes(1, recipe, "momentum") == momentum
    assert training_bytes(1, recipe, "sgd") == sgd


def test_frozen_parameters_are_weights_only():
    assert training_bytes(1000, "mixed", "adam", trained=0) == 2000
    assert training_bytes(1000, "mixed", "adam", trained=30) == 2000 + 30 * 14


@pytest.mark.parametrize(
    ("optimizer", "made"),
    [
        ("adam", torch.optim.AdamW),
        ("momentum", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
        ("sgd", lambda p: torch.optim.SGD(p, 0.1)),
    ],
)
@pytest.mark.parametrize(("recipe", "dtype"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_pytorch_keeps_what_is_counted(recipe, dtype, optimizer, made):
    model = nn.Sequential(nn.Linear(20, 30), nn.Linear(30, 7)).to(dtype)
    model[0].requires_grad_(False)
    learning = made([p for p in model.parameters() if p.requires_grad])
    model(torch.randn(3, 20, dtype=dtype)).sum().backward()
    learning.step()

    tensors = [*model.parameters(), *(p.grad for p in model.parameters() if p.grad is not None)]
    for state in learning.state.values():
        tensors += [t for t in state.values() if isinstance(t, torch.Tensor) and t.dim()]
    sizes = [sum(p.numel() for p in layer.parameters()) for layer in model]
    counted = training_bytes(sum(sizes), recipe, optimizer, trained=sizes[1])
    assert sum(t.numel() * t.element_size() for t in tensors) == counted


def test_what_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="the recipes are fp32, mixed"):
        training_bytes(1, "fp8")
    with pytest.raises(ValueError, match="adafactor"):
        training_bytes(1, "mixed", "adafactor")
    with pytest.raises(ValueError, match="there are only 10"):
        training_bytes(10, trained=11)
