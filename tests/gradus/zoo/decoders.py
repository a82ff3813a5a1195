"""GPT-2, BLOOM and LLaMA, twice."""

from functools import partial

import torch
import transformers

from gradus.zoo import bloom, gpt2, llama
from tests.gradus.zoo.pair import HEADS, LAYERS, LEFT, VOCAB, WIDTH, Pair, draw, randomised


def gpt2_pair(g: torch.Generator) -> Pair:
    config = transformers.GPT2Config(
        vocab_size=VOCAB,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=HEADS,
        n_positions=11,
        bos_token_id=None,
        eos_token_id=None,
        attn_implementation="eager",
    )
    ids = draw(g, LEFT, pad=0)
    places = (LEFT.long().cumsum(1) - 1).clamp(min=0)
    return Pair(
        "GPT-2",
        "logits of the next token, padding before",
        gpt2.gpt2(gpt2.Gpt2Config(WIDTH, LAYERS, HEADS, vocab=VOCAB, max_seq=11)),
        randomised(transformers.GPT2LMHeadModel, config, g),
        gpt2.load_gpt2_weights,
        {"ids": ids, "padding": LEFT},
        {"input_ids": ids, "attention_mask": LEFT.long(), "position_ids": places},
        LEFT,
    )


def bloom_pair(g: torch.Generator) -> Pair:
    config = transformers.BloomConfig(
        vocab_size=VOCAB, hidden_size=WIDTH, n_layer=LAYERS, n_head=HEADS
    )
    ids = draw(g, LEFT, pad=0)
    ours = bloom.BloomConfig(WIDTH, LAYERS, HEADS, vocab=VOCAB)
    return Pair(
        "BLOOM",
        "logits of the next token, five heads, padding before",
        bloom.bloom(ours),
        randomised(transformers.BloomForCausalLM, config, g),
        partial(bloom.load_bloom, config=ours),
        {"ids": ids, "padding": LEFT},
        {"input_ids": ids, "attention_mask": LEFT.long()},
        LEFT,
    )


def llama_pair(g: torch.Generator) -> Pair:
    config = transformers.LlamaConfig(
        vocab_size=VOCAB,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=10,
        num_key_value_heads=5,
        head_dim=4,
        intermediate_size=33,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        tie_word_embeddings=False,
        attn_implementation="eager",
    )
    ids = draw(g, LEFT, pad=0)
    ours = llama.LlamaConfig(
        WIDTH, LAYERS, 10, 33, kv_heads=5, d_head=4, vocab=VOCAB, base=500.0, eps=1e-5
    )
    return Pair(
        "LLaMA",
        "logits of the next token, shared key heads, own head, padding before",
        llama.llama(ours),
        randomised(transformers.LlamaForCausalLM, config, g),
        llama.load_llama,
        {"ids": ids, "padding": LEFT},
        {"input_ids": ids, "attention_mask": LEFT.long()},
        LEFT,
    )
