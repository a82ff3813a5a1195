import re
from html import unescape

import pytest
import torch

from gradus.explore import AttentionMap, Explorer
from gradus.plots import bars

WORDS = ["the", "cat", "sat"]


def alt(explorer: Explorer) -> str:
    """The alternative text of the picture that is shown."""
    return unescape(re.match(r'<img alt="([^"]*)"', explorer.picture.value)[1])


@pytest.fixture
def weights():
    """Two layers of three heads; head h of layer l reads key (l + h) modulo 3, whoever asks."""
    weights = torch.zeros(2, 3, 3, 3)
    for layer in range(2):
        for head in range(3):
            weights[layer, head, :, (layer + head) % 3] = 1
    return weights


def test_the_first_head_of_the_first_layer_is_shown_first(weights):
    explorer = AttentionMap(weights, WORDS)

    assert "layer 0, head 0" in alt(explorer)
    assert "sat reads the most (1.00)" in alt(explorer)


def test_moving_a_slider_draws_another_head(weights):
    explorer = AttentionMap(weights, WORDS)
    layer, head = explorer.sliders
    first = explorer.picture.value

    head.value = 2
    assert "layer 0, head 2" in alt(explorer)
    assert "sat reads sat most (1.00)" in alt(explorer)

    layer.value = 1
    assert "layer 1, head 2" in alt(explorer)
    assert "sat reads the most (1.00)" in alt(explorer)
    assert explorer.picture.value != first


def test_keys_may_be_other_words_than_queries(weights):
    explorer = AttentionMap(weights, WORDS, ["le", "chat", "assis"])

    assert "cat reads le most" in alt(explorer)


def test_sliders_and_picture_stand_below_each_other(weights):
    explorer = AttentionMap(weights, WORDS)

    assert list(explorer.children) == [*explorer.sliders, explorer.picture]
    assert [slider.description for slider in explorer.sliders] == ["layer", "head"]
    assert [len(slider.options) for slider in explorer.sliders] == [2, 3]


def test_an_explorer_draws_with_the_values_of_its_sliders_in_order():
    seen = []

    def draw(length, name):
        seen.append((length, name))
        return bars([name], {"": [length]}, "length")

    explorer = Explorer(draw, {"length": [1, 2], "name": ["a", "b"]})
    explorer.sliders[1].value = "b"
    explorer.sliders[0].value = 2

    assert seen == [(1, "a"), (1, "b"), (2, "b")]


def test_a_choice_of_one_shows_no_slider():
    explorer = AttentionMap(torch.full((1, 2, 2, 2), 0.5), ["a", "b"])
    shown = [child.description for child in explorer.children if hasattr(child, "options")]
    assert shown == ["head"]
