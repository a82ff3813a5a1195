"""Plans: from some numbers of a training run to all of them."""

import math

import pytest

from gradus.memory import zero_memory
from gradus.plan import make_plan
from gradus.scaling.coefficients import BESIROGLU, HOFFMANN
from gradus.scaling.gpus import H100
from gradus.scaling.optimum import compute_optimal


def test_a_budget_is_spent_in_the_best_way():
    plan = make_plan(budget=1e21)

    assert (plan.params, plan.tokens) == compute_optimal(1e21, BESIROGLU.law)
    assert plan.loss_nats == plan.best_loss_nats
    assert plan.gpus is None
    assert plan.gpu_bytes_by_zero_stage is None


def test_gpus_and_hours_are_a_budget():
    plan = make_plan(gpus=64, hours=240, gpu=H100, utilisation=0.5)

    assert plan.flops == pytest.approx(64 * 240 * 3600 * 989e12 * 0.5)
    assert plan.hours == pytest.approx(240)


@pytest.mark.parametrize("known", [{"params": 7e9}, {"tokens": 144.4e9}])
def test_a_size_or_data_alone_asks_for_the_run_they_are_best_for(known):
    plan = make_plan(**known, coefficients=HOFFMANN)

    for name, value in known.items():
        assert getattr(plan, name) == pytest.approx(value)
    assert plan.best_params == pytest.approx(plan.params)


def test_a_size_and_tokens_are_a_budget_and_hours_ask_for_gpus():
    plan = make_plan(params=7e9, tokens=1e12, hours=720)

    assert plan.flops == pytest.approx(4.2e22)
    assert plan.gpus == math.ceil(plan.gpu_hours / 720)
    assert plan.hours <= 720
    assert plan.loss_nats > plan.best_loss_nats
    assert plan.gpu_bytes_by_zero_stage[3] == zero_memory(7 * 10**9, plan.gpus, 3)


def test_a_size_with_a_budget_leaves_the_tokens():
    plan = make_plan(budget=6e21, params=1e9)

    assert plan.tokens == pytest.approx(1e12)
    assert plan.tokens_per_param == pytest.approx(1000)


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({}, "needs a budget"),
        ({"gpus": 8}, "how many hours"),
        ({"hours": 8}, "how many GPUs"),
        ({"budget": 1e21, "gpus": 8, "hours": 3}, "leave one"),
        ({"budget": 1e21, "params": 1e9, "tokens": 1e10}, "leave one"),
        ({"params": 1e9, "tokens": 1e10, "gpus": 8, "hours": 3}, "leave one"),
        ({"budget": -1.0}, "above 0"),
        ({"budget": math.nan}, "above 0"),
        ({"budget": 1e21, "utilisation": 40}, "share"),
    ],
)
def test_too_little_and_too_much_are_told(known, says):
    with pytest.raises(ValueError, match=says):
        make_plan(**known)
