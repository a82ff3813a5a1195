"""Lesson 06: BERT's embedding, the encoder, masked language modelling, and what is built on it."""

# These add themselves to their exercise.
from autograder.exercises.encoder import (  # noqa: F401
    bert_embedding_mistakes,
    bert_embedding_norm_mistakes,
    encoder_mask_mistakes,
    encoder_mistakes,
    mean_pool_mistakes,
    mlm_head_mistakes,
    mlm_mask_fate_mistakes,
    mlm_mask_mistakes,
    token_classifier_mistakes,
)
from autograder.exercises.encoder.bert_embedding import bert_embedding
from autograder.exercises.encoder.encoder import encoder
from autograder.exercises.encoder.mean_pool import mean_pool
from autograder.exercises.encoder.mlm_head import mlm_head
from autograder.exercises.encoder.mlm_mask import mlm_mask
from autograder.exercises.encoder.token_classifier import token_classifier

EXERCISES = (bert_embedding, encoder, mlm_mask, mlm_head, token_classifier, mean_pool)
