"""Lesson 09: from probabilities to text."""

# These add themselves to their exercise.
from autograder.exercises.sampling import (  # noqa: F401
    apply_temperature_zero_mistakes,
    beam_search_mistakes,
    beam_search_result_mistakes,
    generate_choice_mistakes,
    generate_mistakes,
    generate_variants,
    repetition_penalty_mistakes,
    sequence_log_prob_mistakes,
    top_k_filter_mistakes,
    top_p_filter_mistakes,
    top_p_filter_result_mistakes,
)
from autograder.exercises.sampling.apply_temperature import apply_temperature
from autograder.exercises.sampling.beam_search import beam_search
from autograder.exercises.sampling.generate import generate
from autograder.exercises.sampling.greedy import greedy
from autograder.exercises.sampling.min_p_filter import min_p_filter
from autograder.exercises.sampling.repetition_penalty import repetition_penalty
from autograder.exercises.sampling.sample import sample
from autograder.exercises.sampling.sequence_log_prob import sequence_log_prob
from autograder.exercises.sampling.top_k_filter import top_k_filter
from autograder.exercises.sampling.top_p_filter import top_p_filter
from autograder.exercises.sampling.typical_filter import typical_filter

EXERCISES = (
    greedy,
    apply_temperature,
    sample,
    top_k_filter,
    top_p_filter,
    repetition_penalty,
    generate,
    sequence_log_prob,
    beam_search,
    min_p_filter,
    typical_filter,
)
