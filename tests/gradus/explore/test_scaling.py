"""ScalingCalculator: sliders in, a valley and all numbers in words out."""

import re

import pytest

from gradus.explore import ScalingCalculator
from gradus.scaling import chinchilla_loss, compute_optimal, train_time


@pytest.fixture
def calculator() -> ScalingCalculator:
    return ScalingCalculator(compute_optimal, chinchilla_loss, train_time)


def words(calculator: ScalingCalculator) -> str:
    return " ".join(re.findall(r"<p>(.*?)</p>", calculator.picture.value))


def test_it_begins_with_1024_gpus_for_a_month(calculator):
    said = words(calculator)

    assert "54.4B parameters, 1.01T tokens (18.6 for each parameter)" in said
    assert "737,280 GPU-hours" in said
    assert "30.0 days, on 1,024 GPUs" in said
    assert "324 MWh" in said


@pytest.mark.parametrize("number", range(5))
def test_every_slider_changes_the_words(calculator, number):
    before = words(calculator)
    slider = calculator.sliders[number]
    slider.value = slider.options[2]

    assert words(calculator) != before


def test_a_budget_in_flops_leaves_the_hours_to_follow(calculator):
    budget, gpus, hours, *_ = calculator.sliders
    budget.value = "1e21"
    said = words(calculator)
    hours.value = 24

    assert words(calculator) == said
    gpus.value = 64
    assert "on 64 GPUs" in words(calculator)


def test_it_computes_with_the_functions_that_it_is_given():
    calculator = ScalingCalculator(
        lambda flops, law: (2e9, flops / 12e9), chinchilla_loss, train_time
    )

    assert words(calculator).startswith("2B parameters")


def test_the_text_alternative_holds_the_words(calculator):
    [alt] = re.findall(r'alt="([^"]*)"', calculator.picture.value)

    assert "54.4B parameters" in alt
    assert "lowest at" in alt
