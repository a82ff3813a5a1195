"""T5 in both versions, BART and the Transformer of 2017, twice."""

import torch
import transformers
from torch import Tensor, nn

from gradus.position import sinusoidal_positions
from gradus.zoo import bart, t5, transformer
from tests.gradus.zoo.pair import (
    HEADS,
    LAYERS,
    RIGHT,
    SOURCE_RIGHT,
    VOCAB,
    WIDTH,
    Pair,
    draw,
    randomised,
)

NO_DROPOUT = {"dropout": 0.0, "attention_dropout": 0.0, "activation_dropout": 0.0}


def between(g: torch.Generator, pad: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Ask an encoder-decoder: a source and a target with padding behind both."""
    source, target = draw(g, SOURCE_RIGHT, pad), draw(g, RIGHT, pad)
    ours = {
        "source": source,
        "target": target,
        "source_padding": SOURCE_RIGHT,
        "target_padding": RIGHT,
    }
    theirs = {
        "input_ids": source,
        "attention_mask": SOURCE_RIGHT.long(),
        "decoder_input_ids": target,
        "decoder_attention_mask": RIGHT.long(),
    }
    return ours, theirs


def t5_pair(g: torch.Generator, gated: bool = False) -> Pair:
    config = transformers.T5Config(
        vocab_size=VOCAB,
        d_model=WIDTH,
        d_kv=6,
        d_ff=33,
        num_layers=LAYERS,
        num_decoder_layers=3,
        num_heads=HEADS,
        relative_attention_num_buckets=8,
        relative_attention_max_distance=6,
        dropout_rate=0.0,
        feed_forward_proj="gated-gelu" if gated else "relu",
        tie_word_embeddings=not gated,
        attn_implementation="eager",
    )
    theirs = randomised(transformers.T5ForConditionalGeneration, config, g)
    if gated:  # transformers ties what version 1.1 has apart
        theirs.lm_head.weight = nn.Parameter(torch.randn(VOCAB, WIDTH, generator=g).double())
    ours = t5.T5Config(
        WIDTH,
        LAYERS,
        HEADS,
        33,
        d_head=6,
        decoder_layers=3,
        vocab=VOCAB,
        buckets=8,
        max_distance=6,
        gated=gated,
    )
    ask_ours, ask_theirs = between(g, pad=0)
    return Pair(
        "T5 v1.1" if gated else "T5",
        "logits of the target, " + ("gates, own head" if gated else "tied head") + ", padding",
        t5.t5(ours),
        theirs,
        t5.load_t5,
        ask_ours,
        ask_theirs,
        RIGHT,
    )


def bart_pair(g: torch.Generator) -> Pair:
    config = transformers.BartConfig(
        vocab_size=VOCAB,
        d_model=WIDTH,
        encoder_layers=LAYERS,
        decoder_layers=3,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=33,
        decoder_ffn_dim=33,
        max_position_embeddings=11,
        attn_implementation="eager",
        **NO_DROPOUT,
    )
    ask_ours, ask_theirs = between(g, pad=1)
    return Pair(
        "BART",
        "logits of the target, padding",
        bart.bart(
            bart.BartConfig(WIDTH, LAYERS, HEADS, 33, decoder_layers=3, vocab=VOCAB, max_seq=11)
        ),
        randomised(transformers.BartForConditionalGeneration, config, g),
        bart.load_bart,
        ask_ours,
        ask_theirs,
        RIGHT,
    )


def transformer_pair(g: torch.Generator) -> Pair:
    config = transformers.MarianConfig(
        vocab_size=VOCAB,
        d_model=WIDTH,
        encoder_layers=LAYERS,
        decoder_layers=3,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=33,
        decoder_ffn_dim=33,
        max_position_embeddings=11,
        activation_function="relu",
        scale_embedding=True,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        forced_eos_token_id=None,
        attn_implementation="eager",
        **NO_DROPOUT,
    )
    theirs = randomised(transformers.MarianMTModel, config, g)
    with torch.no_grad():  # the paper's order of sines and cosines, in place of Marian's
        for stack in (theirs.model.encoder, theirs.model.decoder):
            stack.embed_positions.weight.copy_(sinusoidal_positions(11, WIDTH))
    ours = transformer.TransformerConfig(
        WIDTH, LAYERS, HEADS, 33, decoder_layers=3, vocab=VOCAB, attention_bias=True
    )
    ask_ours, ask_theirs = between(g, pad=0)
    return Pair(
        "Transformer",
        "logits of the target, against Marian with the paper's waves, padding",
        transformer.transformer(ours),
        theirs,
        transformer.load_transformer,
        ask_ours,
        ask_theirs,
        RIGHT,
    )
