"""Lesson 02: byte-pair encoding from counting to decoding, WordPiece, and batches."""

# These add themselves to their exercise.
from autograder.exercises.tokenizer import (  # noqa: F401
    bpe_decode_mistakes,
    bpe_encode_mistakes,
    bpe_encode_texts,
    collate_mistakes,
    merge_pair_mistakes,
    train_bpe_choices,
    train_bpe_mistakes,
    wordpiece_encode_mistakes,
)
from autograder.exercises.tokenizer.bpe_decode import bpe_decode
from autograder.exercises.tokenizer.bpe_encode import bpe_encode
from autograder.exercises.tokenizer.collate import collate
from autograder.exercises.tokenizer.merge_pair import merge_pair
from autograder.exercises.tokenizer.pair_counts import pair_counts
from autograder.exercises.tokenizer.train_bpe import train_bpe
from autograder.exercises.tokenizer.wordpiece_encode import wordpiece_encode

EXERCISES = (pair_counts, merge_pair, train_bpe, bpe_encode, bpe_decode, wordpiece_encode, collate)
