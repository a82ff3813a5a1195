"""Footprints: the parts are those of the functions that learners write."""

import pytest

from gradus.memory import activation_bytes, training_bytes, weight_bytes, zero_memory
from gradus.memory.footprint import PARTS, serving_footprint, training_footprint
from gradus.memory.models import MODELS
from gradus.memory.units import in_gib

LLAMA = MODELS["Llama-2 7B"]


@pytest.mark.parametrize("stage", [0, 1, 2, 3])
def test_in_mixed_precision_it_is_zero_memory(stage):
    parts = training_footprint(LLAMA, 1, 2048, "mixed", "adam", ranks=64, stage=stage)
    assert tuple(parts) == PARTS
    kept = sum(parts.values()) - parts["activations"]
    assert kept == pytest.approx(zero_memory(LLAMA.params, 64, stage))


@pytest.mark.parametrize("recipe", ["fp32", "mixed", "autocast", "bf16"])
@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sgd"])
def test_the_parts_add_up(recipe, optimizer):
    parts = training_footprint(LLAMA, 2, 512, recipe, optimizer)
    whole = training_bytes(LLAMA.params, recipe, optimizer)
    assert sum(parts.values()) - parts["activations"] == whole


def test_activations_are_those_of_the_batch_of_one_gpu_and_not_shared_out():
    kept = activation_bytes(2, 512, 4096, 32, 32, "selective", 32_000)
    for stage in (0, 3):
        parts = training_footprint(LLAMA, 2, 512, ranks=8, stage=stage, recompute="selective")
        assert parts["activations"] == kept
    assert (
        training_footprint(LLAMA, 2, 512, "fp32", recompute="selective")["activations"] == 2 * kept
    )


def test_serving_takes_weights_and_a_cache():
    parts = serving_footprint(LLAMA, 1, 4096, "int8")
    assert parts["weights"] == weight_bytes(LLAMA.params, "int8")
    assert in_gib(parts["cache"]) == 2


def test_other_stages_are_refused():
    with pytest.raises(ValueError, match="stage 4 on 8 ranks"):
        training_footprint(LLAMA, 1, 128, ranks=8, stage=4)


@pytest.mark.parametrize("name", ["GPT-2", "GPT-2 XL"])
def test_a_model_of_these_sizes_has_so_many_parameters(name):
    # Two tables, a block's four matrices of attention and two of 4 widths, biases and norms.
    m = MODELS[name]
    block = 12 * m.d_model**2 + 13 * m.d_model
    assert (m.vocab + 1024) * m.d_model + m.layers * block + 2 * m.d_model == m.params
