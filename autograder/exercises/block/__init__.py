"""Lesson 05: norms, activation, feed-forward layers, dropout, the block, and its parameters."""

# These add themselves to their exercise.
from autograder.exercises.block import (  # noqa: F401
    block_mistakes,
    block_norm_mistakes,
    block_parts_mistakes,
    dropout_mistakes,
    layer_norm_mistakes,
    layer_norm_weight_mistakes,
    rms_norm_mistakes,
)
from autograder.exercises.block.block import block
from autograder.exercises.block.count_parameters import count_parameters
from autograder.exercises.block.dropout import dropout
from autograder.exercises.block.feed_forward import feed_forward
from autograder.exercises.block.gelu import gelu
from autograder.exercises.block.layer_norm import layer_norm
from autograder.exercises.block.rms_norm import rms_norm
from autograder.exercises.block.swiglu import swiglu

EXERCISES = (layer_norm, rms_norm, gelu, feed_forward, swiglu, dropout, block, count_parameters)
