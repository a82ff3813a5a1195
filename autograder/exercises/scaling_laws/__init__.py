"""Lesson 11: sizes, FLOPs, the law of loss, the best use of a budget, fits, time and use."""

# These add themselves to their exercise.
from autograder.exercises.scaling_laws import (  # noqa: F401
    chinchilla_loss_mistakes,
    compute_optimal_mistakes,
    fit_isoflop_mistakes,
    fit_parametric_mistakes,
    fit_parametric_result_mistakes,
    overtrain_cost_mistakes,
    param_count_mistakes,
    param_count_table_mistakes,
    train_flops_mistakes,
    train_time_mistakes,
)
from autograder.exercises.scaling_laws.chinchilla_loss import chinchilla_loss
from autograder.exercises.scaling_laws.compute_optimal import compute_optimal
from autograder.exercises.scaling_laws.fit_isoflop import fit_isoflop
from autograder.exercises.scaling_laws.fit_parametric import fit_parametric
from autograder.exercises.scaling_laws.overtrain_cost import overtrain_cost
from autograder.exercises.scaling_laws.param_count import param_count
from autograder.exercises.scaling_laws.rule_of_thumb import rule_of_thumb
from autograder.exercises.scaling_laws.train_flops import train_flops
from autograder.exercises.scaling_laws.train_time import train_time

EXERCISES = (
    param_count,
    train_flops,
    chinchilla_loss,
    compute_optimal,
    rule_of_thumb,
    fit_isoflop,
    fit_parametric,
    train_time,
    overtrain_cost,
)
