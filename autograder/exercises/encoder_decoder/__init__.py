"""Lesson 08: the encoder-decoder, span corruption and text infilling."""

# These add themselves to their exercise.
from autograder.exercises.encoder_decoder import (  # noqa: F401
    choose_architecture_mistakes,
    decoder_block_mistakes,
    decoder_block_norm_mistakes,
    encoder_decoder_mistakes,
    encoder_decoder_parts_mistakes,
    seq2seq_generate_mistakes,
    seq2seq_generate_reading_mistakes,
    span_corrupt_mistakes,
    span_corrupt_text_mistakes,
    span_noise_mask_drawing_mistakes,
    span_noise_mask_mistakes,
    text_infilling_mistakes,
)
from autograder.exercises.encoder_decoder.choose_architecture import choose_architecture
from autograder.exercises.encoder_decoder.decoder_block import decoder_block
from autograder.exercises.encoder_decoder.encoder_decoder import encoder_decoder
from autograder.exercises.encoder_decoder.seq2seq_generate import seq2seq_generate
from autograder.exercises.encoder_decoder.shift_right import shift_right
from autograder.exercises.encoder_decoder.span_corrupt import span_corrupt
from autograder.exercises.encoder_decoder.span_noise_mask import span_noise_mask
from autograder.exercises.encoder_decoder.text_infilling import text_infilling

EXERCISES = (
    shift_right,
    decoder_block,
    encoder_decoder,
    seq2seq_generate,
    span_noise_mask,
    span_corrupt,
    text_infilling,
    choose_architecture,
)
