"""MemoryCalculator: every slider changes picture and words, and the words are right."""

import re

import pytest

from gradus.explore import MemoryCalculator
from gradus.memory import zero_memory
from gradus.memory.models import MODELS


def set_to(explorer, **values):
    """Move sliders by their names, `_` for a space."""
    names = [slider.description for slider in explorer.sliders]
    for name, value in values.items():
        explorer.sliders[names.index(name.replace("_", " "))].value = value
    return explorer.picture.value


def test_at_first_llama_on_8_gpus_fits_nowhere():
    shown = MemoryCalculator().picture.value
    assert "Llama-2 7B on 8 GPUs: 139 GB on each" in shown
    assert "All 8 GPUs hold 1,110 GB. It fits into neither GPU." in shown
    assert '<th scope="row">optimizer</th><td>80.9</td><td>75.3</td><td>58%</td>' in shown


def test_every_slider_changes_picture_and_words():
    explorer = MemoryCalculator()
    for slider in explorer.sliders:
        before, value = explorer.picture.value, slider.value
        options = list(slider.options)
        slider.value = options[options.index(value) + 1]
        after = explorer.picture.value
        assert image(after) != image(before), slider.description
        assert words(after) != words(before), slider.description
        slider.value = value


def test_stages_save_what_zero_says():
    explorer = MemoryCalculator()
    shown = set_to(explorer, GPUs=64, ZeRO_stage=3, recompute="full", context=512)
    gb = zero_memory(MODELS["Llama-2 7B"].params, 64, 3) / 1e9
    weights = float(re.search(r">weights</th><td>([0-9.]+)", shown)[1])
    assert weights == pytest.approx(gb / 8, rel=0.01)
    assert "It fits into 24 GB and 80 GB." in shown


def test_it_counts_with_the_functions_of_the_learner():
    explorer = MemoryCalculator(lambda *chosen: {"weights": 1e9, "cats": 3e9})
    assert "4 GB on each" in explorer.picture.value
    assert '<th scope="row">cats</th><td>3</td><td>2.79</td><td>75%</td>' in explorer.picture.value


def image(html):
    return re.search(r'base64,([^"]*)"', html)[1]


def words(html):
    return html.partition("<div")[2]
