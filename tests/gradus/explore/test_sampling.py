"""SamplingPlayground: every slider changes picture and words, and the words say what is drawn."""

import re

import torch

from gradus.explore import SamplingPlayground
from gradus.explore.sampling import axis_end
from gradus.filters import top_k_filter, top_p_filter
from gradus.sampling import apply_temperature

LOGITS = torch.tensor([[0.5, 0.3, 0.1, 0.1]]).log()
NAMES = ["red", "<b>", "green", "blue"]


def change(logits, temperature, k, p):
    return top_p_filter(top_k_filter(apply_temperature(logits, temperature), k), p)


def playground():
    return SamplingPlayground(LOGITS, NAMES, change, lambda *chosen: f"written with {chosen}")


def test_at_first_nothing_is_changed():
    shown = playground().picture.value
    assert "4 of 4 tokens can come; they had 100.0% of the mass" in shown
    assert "<b>red</b> 50.0%, <b>&lt;b&gt;</b> 30.0%" in shown
    assert "written with (1.0, 4, 1.0)" in shown


def test_every_slider_changes_what_is_seen_and_what_is_said():
    for number in range(3):
        explorer = playground()
        before = explorer.picture.value
        slider = explorer.sliders[number]
        slider.value = slider.options[0]
        after = explorer.picture.value
        assert after != before
        assert image(after) != image(before)
        assert words(after) != words(before)


def test_the_words_are_those_of_the_survivors():
    explorer = playground()
    explorer.sliders[1].value = 2
    shown = explorer.picture.value
    assert "2 of 4 tokens can come; they had 80.0% of the mass" in shown
    assert "Can come: <b>red</b> 62.5%, <b>&lt;b&gt;</b> 37.5%." in shown
    assert 'alt="Bar chart. 2 of 4' in shown


def test_the_axis_moves_in_few_steps():
    assert [axis_end(value) for value in (0.03, 0.1, 0.2, 0.7, 1.0, 1.0000001)] == [
        0.1, 0.1, 0.25, 1.0, 1.0, 1.0000001,
    ]  # fmt: skip


def image(html):
    return re.search(r'base64,([^"]*)"', html)[1]


def words(html):
    return html.partition("<div")[2]
