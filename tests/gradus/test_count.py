"""count_parameters: against counts by hand and against published models."""

import pytest
from torch import nn

from gradus.attention import MultiHeadAttention
from gradus.count import count_parameters


def test_parts_within_parts_are_counted():
    model = nn.Sequential(nn.Linear(3, 5), nn.Sequential(nn.LayerNorm(5), nn.Linear(5, 2)))

    assert count_parameters(model) == 3 * 5 + 5 + 5 + 5 + 5 * 2 + 2


def test_a_module_without_parameters_has_none():
    assert count_parameters(nn.ReLU()) == 0


def test_a_shared_weight_counts_once():
    embedding, head = nn.Embedding(31, 6), nn.Linear(6, 31, bias=False)
    apart = count_parameters(nn.ModuleList([embedding, head]))
    head.weight = embedding.weight

    assert apart == 2 * 31 * 6
    assert count_parameters(nn.ModuleList([embedding, head])) == 31 * 6


def test_a_part_that_is_used_twice_counts_once():
    layer = nn.Linear(4, 4)

    assert count_parameters(nn.Sequential(layer, nn.ReLU(), layer)) == 20


def test_equal_numbers_in_two_places_count_twice():
    assert count_parameters(nn.Sequential(nn.LayerNorm(4), nn.LayerNorm(4))) == 16


def test_parameters_that_are_not_trained_count_and_buffers_do_not():
    model = nn.Sequential(nn.Linear(3, 5).requires_grad_(False), nn.BatchNorm1d(5))

    assert count_parameters(model) == 20 + 10


def test_a_layer_of_ours():
    assert count_parameters(MultiHeadAttention(768, 12)) == 4 * (768 * 768 + 768)


@pytest.mark.parametrize(
    ("name", "config", "count"),
    [
        ("GPT2Model", "GPT2Config", 124_439_808),
        ("BertModel", "BertConfig", 109_482_240),
    ],
)
def test_published_models(name, config, count):
    transformers = pytest.importorskip("transformers")
    import torch

    with torch.device("meta"):  # shapes without numbers
        model = getattr(transformers, name)(getattr(transformers, config)())

    assert count_parameters(model) == count
