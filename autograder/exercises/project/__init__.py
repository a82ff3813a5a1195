"""Lesson 13: a project of one's own, from the texts to the test."""

# These add themselves to their exercise.
from autograder.exercises.project import (  # noqa: F401
    adapt_mistakes,
    adapt_training_mistakes,
    check_attend_mistakes,
    check_attend_variants,
    check_attend_verdict_mistakes,
    check_lm_loss_mistakes,
    check_lm_loss_variants,
    check_top_p_filter_mistakes,
    check_top_p_filter_variants,
    deduplicate_mistakes,
    deduplicate_shingle_mistakes,
    influence_mistakes,
    mixture_weights_mistakes,
    quality_filter_mistakes,
    quality_filter_rule_mistakes,
    strided_perplexity_mistakes,
    token_vectors_mistakes,
    window_loss_mistakes,
)
from autograder.exercises.project.adapt import adapt
from autograder.exercises.project.check_attend import check_attend
from autograder.exercises.project.check_lm_loss import check_lm_loss
from autograder.exercises.project.check_top_p_filter import check_top_p_filter
from autograder.exercises.project.deduplicate import deduplicate
from autograder.exercises.project.influence import influence
from autograder.exercises.project.mixture_weights import mixture_weights
from autograder.exercises.project.predict_loss import predict_loss
from autograder.exercises.project.quality_filter import quality_filter
from autograder.exercises.project.strided_perplexity import strided_perplexity
from autograder.exercises.project.token_vectors import token_vectors
from autograder.exercises.project.window_loss import window_loss
from autograder.exercises.project.window_mask import window_mask

EXERCISES = (
    quality_filter,
    deduplicate,
    mixture_weights,
    adapt,
    strided_perplexity,
    predict_loss,
    influence,
    window_mask,
    token_vectors,
    window_loss,
    check_attend,
    check_lm_loss,
    check_top_p_filter,
)
