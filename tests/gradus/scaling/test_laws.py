"""The law, its best sizes and its relatives, held against the papers."""

import math

import numpy as np
import pytest
import torch

from gradus.scaling import kaplan
from gradus.scaling.coefficients import (
    BESIROGLU,
    HOFFMANN,
    HOFFMANN_UNROUNDED,
    MUENNIGHOFF,
    SETS,
)
from gradus.scaling.law import chinchilla_loss
from gradus.scaling.optimum import compute_optimal, rule_of_thumb
from gradus.scaling.repeated import repeated_loss, worth
from gradus.scaling.serving import overtrain_cost

# Hoffmann et al. 2022: parameters, FLOPs and tokens of table 3 (approach 1), and of table A3
# (approach 2).
TABLES_3_AND_A3 = [
    (400e6, 1.92e19, 8.0e9, 1.84e19, 7.7e9),
    (1e9, 1.21e20, 20.2e9, 1.20e20, 20.0e9),
    (10e9, 1.23e22, 205.1e9, 1.32e22, 219.5e9),
    (67e9, 5.76e23, 1.5e12, 6.88e23, 1.7e12),
    (175e9, 3.85e24, 3.7e12, 4.54e24, 4.3e12),
    (280e9, 9.90e24, 5.9e12, 1.18e25, 7.1e12),
    (520e9, 3.43e25, 11.0e12, 4.19e25, 13.4e12),
    (1e12, 1.27e26, 21.2e12, 1.59e26, 26.5e12),
    (10e12, 1.30e28, 216.2e12, 1.75e28, 292.0e12),
]


@pytest.mark.parametrize("row", TABLES_3_AND_A3, ids=lambda row: f"{row[0]:.3g}")
def test_chinchilla_tables_3_and_a3_hold_6nd(row):
    params, flops1, tokens1, flops2, tokens2 = row

    assert 6 * params * tokens1 == pytest.approx(flops1, rel=0.05)
    assert 6 * params * tokens2 == pytest.approx(flops2, rel=0.05)


@pytest.mark.parametrize(
    ("column", "what", "slope", "height"),
    [(1, 0, 0.498, -1.004), (1, 2, 0.502, 0.229), (3, 0, 0.490, -0.839), (3, 4, 0.510, 0.062)],
)
def test_bloomberggpt_regressions_on_chinchilla_tables_3_and_a3(column, what, slope, height):
    # Wu et al. 2023, https://arxiv.org/abs/2303.17564, section 3.3: log10 of N and D over log10 C
    x = np.log10([row[column] for row in TABLES_3_AND_A3])
    y = np.log10([row[what] for row in TABLES_3_AND_A3])

    # The heights hang on the slopes: both are printed to three digits.
    found = np.polyfit(x, y, 1)
    assert found == pytest.approx([slope, height], abs=0.0015)


def test_bloomberggpt_sizing_argument_gives_50_billion_and_over_a_trillion():
    # The same section: 52.993B and 1111.112B by approach 1, 49.753B and 1175.766B by approach 2.
    flops = 10 ** ((math.log10(52.993e9) + 1.004) / 0.498)
    size = 10 ** (0.490 * math.log10(flops) - 0.839)
    tokens = 10 ** (0.510 * math.log10(flops) + 0.062)

    assert size == pytest.approx(49.753e9, rel=0.05)
    assert tokens == pytest.approx(1175.766e9, rel=0.05)
    assert tokens > 709e9  # more than there was: the model is limited by its data


def test_a_cell_of_chinchilla_table_a3_is_a_misprint():
    # Approach 3, 175B: 1.26e24 FLOPs and 12.0T tokens are printed.
    assert round(6 * 175e9 * 12.0e12 / 1e24, 1) == 12.6


@pytest.mark.parametrize("law", [one.law for one in SETS.values()], ids=list(SETS))
@pytest.mark.parametrize("flops", [1e17, 1e21, 5.76e23, 1e25])
def test_the_best_size_is_where_a_numeric_search_finds_it(law, flops):
    params, tokens = compute_optimal(flops, law)
    sizes = params * torch.linspace(-0.02, 0.02, 4001, dtype=torch.float64).exp()
    found = sizes[chinchilla_loss(sizes, flops / 6 / sizes, law).argmin()].item()
    _, A, B, alpha, beta = law

    assert found == pytest.approx(params, rel=2e-5)
    assert 6 * params * tokens == pytest.approx(flops)
    assert alpha * A / params**alpha == pytest.approx(beta * B / tokens**beta)


def test_only_the_unrounded_coefficients_give_the_40_billion_of_chinchilla_figure_4():
    assert compute_optimal(5.76e23, HOFFMANN_UNROUNDED.law)[0] == pytest.approx(40e9, rel=0.02)
    assert compute_optimal(5.76e23, HOFFMANN.law)[0] < 33e9


def test_exponents_of_chinchilla_table_2_and_of_besiroglu():
    assert HOFFMANN_UNROUNDED.exponent == pytest.approx(0.46, abs=0.005)
    assert HOFFMANN.exponent == pytest.approx(0.4516, abs=1e-4)
    assert BESIROGLU.exponent == pytest.approx(0.513, abs=0.0005)


def test_besiroglu_is_near_20_tokens_and_hoffmann_is_not():
    ratios = [tokens / params for params, tokens in (
        compute_optimal(5.76e23, one.law) for one in (BESIROGLU, HOFFMANN)
    )]  # fmt: skip

    assert ratios[0] == pytest.approx(18.4, abs=0.1)
    assert ratios[1] > 90


def test_unrounded_coefficients_are_those_of_the_paper_source():
    E, A, B, _, _ = HOFFMANN_UNROUNDED.law

    assert pytest.approx([1.693374, 406.4010, 410.7228], rel=1e-5) == [E, A, B]
    E, A, B, _, _ = MUENNIGHOFF.law
    assert pytest.approx([1.869144, 520.825, 1487.716], rel=1e-5) == [E, A, B]


def test_the_rule_of_thumb_keeps_its_ratio_and_its_budget():
    params, tokens = rule_of_thumb(5.88e23)

    assert (params, tokens) == pytest.approx((70e9, 1.4e12))  # Chinchilla itself
    assert np.prod(rule_of_thumb(1e21, 1.7)) * 6 == pytest.approx(1e21)


def test_kaplan_constants():
    # Kaplan et al. 2020, https://arxiv.org/abs/2001.08361: equations 1.1, 1.2, 1.3; table 2
    assert kaplan.loss_of_size(8.8e13) == 1
    assert kaplan.loss_of_data(5.4e13) == 1
    assert kaplan.loss_of_compute(3.1e8 * 8.64e19) == pytest.approx(1)
    assert kaplan.joint_loss(6.4e13, 1e40) == pytest.approx(1)
    assert kaplan.joint_loss(1e40, 1.8e13) == pytest.approx(1)


def test_kaplan_best_sizes():
    # N = 1.3e9 and D = 2e10 at one petaFLOP/s-day; Hoffmann et al., D.4: 4.68B at 1e21 FLOPs
    assert kaplan.kaplan_optimal(8.64e19) == pytest.approx((1.3e9, 2e10))
    ten = kaplan.kaplan_optimal(8.64e20)[0] / 1.3e9
    assert ten == pytest.approx(5.37, abs=0.01)


def test_reading_again_is_worth_less_and_less():
    # Muennighoff et al. 2023: repeats are epochs - 1, and endless ones are worth R_D* more
    assert worth(100, 100, 15.4) == 100
    assert worth(100, 50, 15.4) == 50
    assert worth(100, 1e9, 15.4) == pytest.approx(1640)
    assert worth(100, 200, 15.387756) == pytest.approx(100 + 100 * 15.387756 * (
        1 - math.exp(-1 / 15.387756)
    ))  # fmt: skip


def test_data_that_is_not_repeated_follows_the_plain_law():
    # A model that is not too large for its data, which is all new.
    plain = chinchilla_loss(1e9, 1e11, MUENNIGHOFF.law)

    assert repeated_loss(1e9, 1e11, 1e11) == plain
    assert repeated_loss(1e9, 1e11, 5e11) == plain
    assert plain < repeated_loss(1e9, 1e11, 2.5e10) < repeated_loss(1e9, 1e11, 1e9)


@pytest.mark.parametrize("served", [0.0, 1e11, 1e13])
def test_no_other_model_of_the_same_loss_is_cheaper(served):
    law = BESIROGLU.law
    params, tokens, cost = overtrain_cost(2.2, served, law)

    def price(size: float) -> float:
        gap = 2.2 - law[0] - law[1] / size ** law[3]
        return 6 * size * (law[2] / gap) ** (1 / law[4]) + 2 * size * served

    assert chinchilla_loss(params, tokens, law) == pytest.approx(2.2)
    assert cost == pytest.approx(price(params))
    assert price(params) <= min(price(params * 0.99), price(params * 1.01))


def test_a_model_that_is_never_used_is_the_one_of_the_least_training():
    params, tokens, cost = overtrain_cost(2.2, 0.0, BESIROGLU.law)

    assert compute_optimal(cost, BESIROGLU.law) == pytest.approx((params, tokens), rel=1e-5)
    with pytest.raises(ValueError, match="cannot be guessed"):
        overtrain_cost(1.8, 0.0, BESIROGLU.law)
