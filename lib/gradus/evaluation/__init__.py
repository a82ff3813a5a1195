"""Evaluation: what a model's score on a long text is, and how sure one can be of a difference."""

from gradus.evaluation.bootstrap import Interval, paired_bootstrap
from gradus.evaluation.forecast import predict_loss
from gradus.evaluation.strided import strided_perplexity

__all__ = ["Interval", "paired_bootstrap", "predict_loss", "strided_perplexity"]
