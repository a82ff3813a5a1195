"""Lesson 07: the decoder, its loss, its batches, its optimizer, and published weights."""

# These add themselves to their exercise.
from autograder.exercises.decoder import (  # noqa: F401
    accumulate_gradients_mistakes,
    adamw_step_mistakes,
    adamw_step_place_mistakes,
    clip_grad_norm_mistakes,
    cosine_lr_mistakes,
    get_batch_mistakes,
    gpt_mask_mistakes,
    gpt_mistakes,
    lm_loss_mistakes,
    load_gpt2_weights_mistakes,
)
from autograder.exercises.decoder.accumulate_gradients import accumulate_gradients
from autograder.exercises.decoder.adamw_step import adamw_step
from autograder.exercises.decoder.clip_grad_norm import clip_grad_norm
from autograder.exercises.decoder.cosine_lr import cosine_lr
from autograder.exercises.decoder.get_batch import get_batch
from autograder.exercises.decoder.gpt import gpt
from autograder.exercises.decoder.lm_loss import lm_loss
from autograder.exercises.decoder.load_gpt2_weights import load_gpt2_weights

EXERCISES = (
    gpt,
    lm_loss,
    get_batch,
    adamw_step,
    cosine_lr,
    clip_grad_norm,
    accumulate_gradients,
    load_gpt2_weights,
)
