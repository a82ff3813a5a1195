"""Where two models part: the first layer, not the worst; shapes, nan and tolerances."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.divergence import first_divergence
from gradus.zoo import gpt2, llama
from gradus.zoo.names import counterparts
from tests.gradus.zoo.pairs import loaded


@pytest.fixture
def model(randomise):
    return randomise(nn.Sequential(*(Block(12, 3, 20) for _ in range(4))))


@pytest.fixture
def x(randn):
    return randn(2, 5, 12)


def test_a_model_agrees_with_its_copy(model, x):
    assert first_divergence(model, deepcopy(model), (x,)) is None


def test_the_first_layer_is_named_even_if_a_later_one_is_further_off(model, x):
    other = deepcopy(model)
    with torch.no_grad():
        other[1].feedforward.up.bias += 0.01
        other[2].attention.value.weight *= 100

    found = first_divergence(model, other, (x,))

    assert (found.name_a, found.name_b) == ("1.feedforward.up", "1.feedforward.up")
    assert found.largest == pytest.approx(0.01)
    assert "1.feedforward.up: " in str(found)
    assert "a gap of 0.01" in str(found)


def test_a_layer_without_weights_can_be_the_first(x):
    a = nn.Sequential(nn.Linear(12, 4), nn.ReLU(), nn.Linear(4, 3)).double()
    b = deepcopy(a)
    b[1] = nn.GELU()

    assert first_divergence(a, b, (x,)).name_a == "1"


def test_what_happens_outside_of_layers_shows_in_the_layer_around_it(model, x):
    class Louder(Block):
        def forward(self, x, mask=None, cache=None):
            return 2 * super().forward(x, mask, cache)

    other = deepcopy(model)
    other[2].__class__ = Louder

    assert first_divergence(model, other, (x,)).name_a == "2"
    found = first_divergence(model, other, (x,), pairs={"1": "1"})
    assert found.name_a == ""
    assert str(found).startswith("the model's output: ")


def test_layers_are_paired_by_a_given_correspondence(model, x):
    other = nn.ModuleDict({"stack": deepcopy(model)})
    other.forward = lambda x: other["stack"](x)
    with torch.no_grad():
        other["stack"][3].attention.out.bias += 1
    pairs = {f"{i}.attention": f"stack.{i}.attention" for i in range(4)}

    found = first_divergence(model, other, (x,), pairs=pairs)

    assert (found.name_a, found.name_b) == ("3.attention", "stack.3.attention")
    assert "(there stack.3.attention)" in str(found)


def test_another_shape_is_a_divergence(x):
    a, b = (nn.Sequential(nn.Linear(12, width)).double() for width in (4, 5))

    found = first_divergence(a, b, (x,))

    assert found.how == "shapes (2, 5, 4) and (2, 5, 5)"


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_nan_and_inf_in_one_of_them_are_a_divergence_in_both_they_are_not(model, x, odd):
    other = deepcopy(model)
    with torch.no_grad():
        other[2].attention.out.bias[3] = odd

    found = first_divergence(model, other, (x,))

    assert found.name_a == "2.attention.out"
    assert found.how == f"{odd} at 0 places, and at 10"
    assert first_divergence(other, deepcopy(other), (x,)) is None


def test_infinities_of_different_sign_are_a_divergence(x):
    class Constant(nn.Module):
        def __init__(self, value):
            super().__init__()
            self.value = value

        def forward(self, x):
            return torch.full_like(x, self.value)

    a, b = (nn.Sequential(Constant(sign * float("inf"))) for sign in (1, -1))

    assert first_divergence(a, b, (x,)).name_a == "0"


def test_noise_is_measured_against_the_size_of_the_layer():
    class Scaled(nn.Module):
        def __init__(self, by, off):
            super().__init__()
            self.by, self.off = by, off

        def forward(self, x):
            return self.by * x + self.off

    def part(by, off, **tolerance):
        a, b = nn.Sequential(Scaled(by, 0.0)), nn.Sequential(Scaled(by, off))
        return first_divergence(a, b, (torch.linspace(0, 1, 5, dtype=torch.double),), **tolerance)

    assert part(1e6, 1.0) is None  # also at x = 0, where it is all there is
    assert part(1.0, 1.0) is not None
    assert part(0.0, 1e-7) is None
    assert part(0.0, 1e-5) is not None
    assert part(0.0, 1e-5, atol=1e-4) is None
    assert part(1e6, 1.0, rtol=1e-8) is not None


def test_dropout_is_off_and_training_is_as_it_was_before(model, x):
    for block in model:
        block.dropout = 0.5
    model[1].eval()
    modes = [module.training for module in model.modules()]

    assert first_divergence(model, deepcopy(model), (x,)) is None
    assert [module.training for module in model.modules()] == modes
    assert not any(module._forward_hooks for module in model.modules())


def test_later_writing_into_a_tensor_does_not_hide_a_divergence(x):
    class Erase(nn.Module):
        def forward(self, x):
            return x.zero_()

    a = nn.Sequential(nn.Linear(12, 4), Erase()).double()
    b = deepcopy(a)
    with torch.no_grad():
        b[0].bias += 1

    assert first_divergence(a, b, (x,)).name_a == "0"


def test_a_layer_that_runs_twice_is_compared_twice(x):
    class Twice(nn.Module):
        def __init__(self, times):
            super().__init__()
            self.layer = nn.Linear(12, 12)
            self.times = times

        def forward(self, x):
            for _ in range(self.times):
                x = self.layer(x)
            return x

    a, b = Twice(2).double(), Twice(3).double()
    b.load_state_dict(a.state_dict())

    assert first_divergence(a, b, (x,)).name_a == ""
    b.register_forward_hook(lambda _module, inputs, _output: a(*inputs))
    assert "more often in the second" in first_divergence(a, b, (x,)).how
    assert "more often in the first" in first_divergence(b, a, (x,)).how


def test_models_may_be_called_in_different_ways():
    pair = loaded("llama")
    ids = pair.ask_ours["ids"]
    pairs = counterparts(pair.ours, pair.theirs, llama.NAMES, prefix="model.")
    asked = {"inputs": {"ids": ids}, "inputs_b": {"input_ids": ids}, "pairs": pairs, "rtol": 1e-6}

    assert first_divergence(pair.ours, pair.theirs, **asked) is None
    pair.ours.blocks[1].attention.base = 10.0
    found = first_divergence(pair.ours, pair.theirs, **asked)
    assert found.name_a == "blocks.1.attention.out"
    assert found.name_b == "model.layers.1.self_attn.o_proj"


def test_a_known_mistake_in_gpt2_is_found_where_it_is():
    pair = loaded("gpt2")
    ids = pair.ask_ours["ids"]
    pairs = counterparts(pair.ours, pair.theirs, gpt2.NAMES, prefix="transformer.")
    pair.ours.blocks[0].feedforward.activation = nn.functional.gelu

    found = first_divergence(
        pair.ours, pair.theirs, {"ids": ids}, {"input_ids": ids}, pairs, rtol=1e-9
    )

    assert found.name_a == "blocks.0.feedforward.down"


def test_names_that_do_not_exist_are_an_error(model, x):
    with pytest.raises(ValueError, match=r"no such layer: 9\.x, y"):
        first_divergence(model, model, (x,), pairs={"9.x": "1", "2": "y"})


def test_nothing_in_common_is_an_error(x):
    with pytest.raises(ValueError, match="give `pairs`"):
        first_divergence(nn.Sequential(nn.ReLU()), nn.ReLU(), (x,))
