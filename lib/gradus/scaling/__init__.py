"""Scaling laws: how large a model, how much data, what it costs, and what comes out."""

from gradus.scaling.chinchilla_count import chinchilla_flops, chinchilla_params
from gradus.scaling.coefficients import (
    BESIROGLU,
    HOFFMANN,
    HOFFMANN_UNROUNDED,
    MUENNIGHOFF,
    SETS,
    Coefficients,
    Law,
)
from gradus.scaling.compute import forward_flops, train_flops
from gradus.scaling.duration import train_time
from gradus.scaling.isoflop import fit_isoflop
from gradus.scaling.kaplan import kaplan_optimal
from gradus.scaling.law import chinchilla_loss
from gradus.scaling.optimum import compute_optimal, rule_of_thumb
from gradus.scaling.parametric import fit_parametric
from gradus.scaling.published import MODELS, Trained, trained
from gradus.scaling.repeated import repeated_loss
from gradus.scaling.serving import overtrain_cost
from gradus.scaling.size import param_count

__all__ = [
    "BESIROGLU",
    "HOFFMANN",
    "HOFFMANN_UNROUNDED",
    "MODELS",
    "MUENNIGHOFF",
    "SETS",
    "Coefficients",
    "Law",
    "Trained",
    "chinchilla_flops",
    "chinchilla_loss",
    "chinchilla_params",
    "compute_optimal",
    "fit_isoflop",
    "fit_parametric",
    "forward_flops",
    "kaplan_optimal",
    "overtrain_cost",
    "param_count",
    "repeated_loss",
    "rule_of_thumb",
    "train_flops",
    "train_time",
    "trained",
]
