"""Lesson 00: from scores to probabilities, and from probabilities to a loss."""

# These add themselves to their exercise.
from autograder.exercises.warmup import cross_entropy_mistakes, softmax_mistakes  # noqa: F401
from autograder.exercises.warmup.cross_entropy import cross_entropy
from autograder.exercises.warmup.gather_log_probs import gather_log_probs
from autograder.exercises.warmup.log_softmax import log_softmax
from autograder.exercises.warmup.masked_mean import masked_mean
from autograder.exercises.warmup.softmax import softmax

EXERCISES = (softmax, log_softmax, gather_log_probs, masked_mean, cross_entropy)
