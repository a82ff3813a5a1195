"""Lesson 03: from tokens to vectors, and the ways to tell a model where they stand."""

# These add themselves to their exercise.
from autograder.exercises.embedding import (  # noqa: F401
    apply_rope_mistakes,
    apply_rope_turn_mistakes,
    embedding_check_mistakes,
    embedding_mistakes,
    learned_positions_end_mistakes,
    learned_positions_mistakes,
    sinusoidal_positions_edges,
    t5_relative_bucket_mistakes,
)
from autograder.exercises.embedding.alibi_slopes import alibi_slopes
from autograder.exercises.embedding.apply_rope import apply_rope
from autograder.exercises.embedding.embedding import embedding
from autograder.exercises.embedding.learned_positions import learned_positions
from autograder.exercises.embedding.sinusoidal_positions import sinusoidal_positions
from autograder.exercises.embedding.t5_relative_bucket import t5_relative_bucket

EXERCISES = (
    embedding,
    sinusoidal_positions,
    learned_positions,
    apply_rope,
    t5_relative_bucket,
    alibi_slopes,
)
