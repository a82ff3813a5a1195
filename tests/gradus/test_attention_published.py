"""Attention as published models do it: BERT's, LLaMA's and BART's layers, tiny and randomised.

The models are built from a configuration, without any download. Every weight is drawn anew at unit
scale, since the small weights that a model starts from would hide almost any mistake.
"""

import pytest
import torch

from gradus.attention import MultiHeadAttention, cross_attention
from gradus.mask import causal_mask, combine_masks

transformers = pytest.importorskip("transformers")
BATCH, QUERY, KEY = 2, 5, 7
HIDDEN = torch.finfo(torch.float64).min  # what transformers adds to the score of a masked key
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]).bool()


def assert_same(ours, theirs, inputs, pairs, weight):
    """Compare outputs, then the gradients of the inputs and of each pair of linear layers."""
    mine = [w for linear, _ in pairs for w in linear.parameters()]
    yours = [w for _, linear in pairs for w in linear.parameters()]
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), (*inputs, *mine)),
        torch.autograd.grad((theirs * weight).sum(), (*inputs, *yours)),
    )


def copy(pairs):
    """Give our linear layer of each pair the weights of theirs."""
    for ours, theirs in pairs:
        ours.load_state_dict(theirs.state_dict())


def test_self_attention_with_padding_is_that_of_bert(randomise, randn):
    bert = transformers.models.bert.modeling_bert
    config = transformers.BertConfig(
        hidden_size=12, num_attention_heads=3, hidden_dropout_prob=0.0, attn_implementation="eager"
    )
    theirs = randomise(bert.BertAttention(config)).eval()
    ours = MultiHeadAttention(12, 3).double()
    pairs = [
        (ours.query, theirs.self.query),
        (ours.key, theirs.self.key),
        (ours.value, theirs.self.value),
        (ours.out, theirs.output.dense),
    ]
    copy(pairs)
    x, weight = randn(BATCH, KEY, 12), randn(BATCH, KEY, 12).detach()
    mask = PADDING[:, None, None, :]
    additive = torch.zeros(BATCH, 1, 1, KEY).double().masked_fill(~mask, HIDDEN)

    expected = theirs.output.dense(theirs.self(x, attention_mask=additive)[0])

    assert_same(ours(x, mask=mask), expected, [x], pairs, weight)


@pytest.mark.parametrize("kv_heads", [1, 2, 6])
def test_grouped_query_attention_is_that_of_llama(kv_heads, randomise, randn):
    llama = transformers.models.llama.modeling_llama
    config = transformers.LlamaConfig(
        hidden_size=18,
        num_attention_heads=6,
        num_key_value_heads=kv_heads,
        head_dim=4,
        attn_implementation="sdpa",  # "eager" takes the softmax in float32
    )
    theirs = randomise(llama.LlamaAttention(config, layer_idx=0)).eval()
    ours = MultiHeadAttention(18, 6, d_head=4, kv_heads=kv_heads, bias=False).double()
    pairs = [
        (ours.query, theirs.q_proj),
        (ours.key, theirs.k_proj),
        (ours.value, theirs.v_proj),
        (ours.out, theirs.o_proj),
    ]
    copy(pairs)
    x, weight = randn(BATCH, KEY, 18), randn(BATCH, KEY, 18).detach()
    mask = combine_masks(causal_mask(KEY), PADDING)
    additive = torch.zeros(BATCH, 1, KEY, KEY).double().masked_fill(~mask, HIDDEN)
    # Every token at position 0: rotary positions turn nothing.
    rotary = llama.LlamaRotaryEmbedding(config)(x, torch.zeros(BATCH, KEY, dtype=torch.long))

    expected, _ = theirs(x, position_embeddings=rotary, attention_mask=additive)

    assert_same(ours(x, mask=mask), expected, [x], pairs, weight)


def test_cross_attention_is_that_of_bart(randomise, randn):
    bart = transformers.models.bart.modeling_bart
    config = transformers.BartConfig(attn_implementation="eager")
    theirs = randomise(bart.BartAttention(12, 3, config=config)).eval()
    ours = MultiHeadAttention(12, 3).double()
    pairs = [
        (ours.query, theirs.q_proj),
        (ours.key, theirs.k_proj),
        (ours.value, theirs.v_proj),
        (ours.out, theirs.out_proj),
    ]
    copy(pairs)
    x, memory = randn(BATCH, QUERY, 12), randn(BATCH, KEY, 12)
    weight = randn(BATCH, QUERY, 12).detach()
    additive = torch.zeros(BATCH, 1, QUERY, KEY).double()
    additive = additive.masked_fill(~PADDING[:, None, None, :], HIDDEN)

    expected, _ = theirs(x, key_value_states=memory, attention_mask=additive)

    ours_output = cross_attention(ours, x, memory, PADDING)
    assert_same(ours_output, expected, [x, memory], pairs, weight)
