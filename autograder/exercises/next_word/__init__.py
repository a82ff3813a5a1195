"""Lesson 01: predicting the next token before there were transformers."""

# These add themselves to their exercise.
from autograder.exercises.next_word import bigram_probs_mistakes, perplexity_mistakes  # noqa: F401
from autograder.exercises.next_word.bigram_counts import bigram_counts
from autograder.exercises.next_word.bigram_probs import bigram_probs
from autograder.exercises.next_word.bits_per_byte import bits_per_byte
from autograder.exercises.next_word.perplexity import perplexity
from autograder.exercises.next_word.rnn_step import rnn_step
from autograder.exercises.next_word.sample_bigram import sample_bigram

EXERCISES = (bigram_counts, bigram_probs, sample_bigram, perplexity, bits_per_byte, rnn_step)
