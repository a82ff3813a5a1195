"""The chi-squared tests give the textbook's probabilities and keep their false-alarm rate."""

import pytest
import torch

from autograder.chance import goodness_of_fit, homogeneity


def test_a_worked_example():
    # A die thrown 60 times: chi-squared = (25+9+9+1+9+49)/10 = 10.2 with 5 degrees of freedom, and
    # the upper tail of that is 0.0698 (tables of the chi-squared distribution).
    counts = torch.tensor([5, 7, 13, 11, 7, 17])

    assert goodness_of_fit(counts, torch.full((6,), 1 / 6)) == pytest.approx(0.0698, abs=5e-4)


def test_a_perfect_fit_is_certain():
    fit = goodness_of_fit(torch.tensor([10, 20, 70]), torch.tensor([0.1, 0.2, 0.7]))

    assert fit == pytest.approx(1)


def test_far_too_many_of_one_outcome_is_all_but_impossible():
    assert goodness_of_fit(torch.tensor([900, 100]), torch.tensor([0.5, 0.5])) < 1e-9


def test_rare_outcomes_are_pooled():
    probabilities = torch.tensor([0.996] + [0.001] * 4)

    assert goodness_of_fit(torch.tensor([996, 4, 0, 0, 0]), probabilities) > 0.01


def test_p_values_of_fair_draws_are_uniform_enough():
    # 2,000 fair experiments: the share with p < 0.05 is 0.05 give or take 0.005; a share over 0.09
    # would be eight standard deviations off (false-alarm rate under 1e-12).
    generator = torch.Generator().manual_seed(3)
    probabilities = torch.tensor([0.1, 0.2, 0.3, 0.4])
    draws = torch.multinomial(probabilities.expand(2000, 4), 500, True, generator=generator)
    p = torch.tensor([goodness_of_fit(row.bincount(minlength=4), probabilities) for row in draws])

    assert 0.02 < (p < 0.05).float().mean() < 0.09


def test_two_rows_of_one_distribution_are_homogeneous_and_others_are_not():
    one, same = torch.tensor([100, 200, 300]), torch.tensor([210, 390, 600])

    assert homogeneity(one, same) > 0.01
    assert homogeneity(one, torch.tensor([600, 390, 210])) < 1e-9
