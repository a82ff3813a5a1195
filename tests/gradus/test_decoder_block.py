"""DecoderBlock: against torch's own decoder layer, and against its laws."""

import pytest
import torch
from torch import nn

from gradus.cache import KVCache
from gradus.decoder_block import DecoderBlock
from gradus.mask import causal_mask
from gradus.norm import RMSNorm

SEQ, SOURCE, HEADS, D_MODEL, D_FF = 5, 7, 3, 12, 10
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]).bool()[:, None, None]
NAMES = {
    "attention_norm": "norm1",
    "cross_norm": "norm2",
    "feedforward_norm": "norm3",
    "attention.out": "self_attn.out_proj",
    "cross.out": "multihead_attn.out_proj",
    "feedforward.up": "linear1",
    "feedforward.down": "linear2",
}


def as_torch(block: DecoderBlock) -> nn.TransformerDecoderLayer:
    """Torch's own layer with the same weights."""
    oracle = nn.TransformerDecoderLayer(
        D_MODEL,
        HEADS,
        D_FF,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=block.pre_norm,
        dtype=torch.float64,
    )
    for ours, theirs in NAMES.items():
        oracle.get_submodule(theirs).load_state_dict(block.get_submodule(ours).state_dict())
    with torch.no_grad():
        for ours, theirs in (
            (block.attention, oracle.self_attn),
            (block.cross, oracle.multihead_attn),
        ):
            inner = ours.query, ours.key, ours.value
            theirs.in_proj_weight.copy_(torch.cat([part.weight for part in inner]))
            theirs.in_proj_bias.copy_(torch.cat([part.bias for part in inner]))
    return oracle


@pytest.mark.parametrize("pre_norm", [True, False])
def test_output_and_gradients_are_those_of_torch(pre_norm, randomise, randn):
    block = randomise(DecoderBlock(D_MODEL, HEADS, D_FF, pre_norm).double())
    oracle = as_torch(block)
    x, memory, weight = (randn(2, n, D_MODEL) for n in (SEQ, SOURCE, SEQ))
    mask = causal_mask(SEQ)
    ours = block(x, memory, mask=mask, memory_mask=PADDING)
    theirs = oracle(
        x, memory, tgt_mask=~mask, memory_key_padding_mask=~PADDING[:, 0, 0], tgt_is_causal=False
    )
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), (x, memory)),
        torch.autograd.grad((theirs * weight).sum(), (x, memory)),
    )


def test_every_parameter_gets_a_gradient(randomise, randn):
    block = randomise(DecoderBlock(D_MODEL, HEADS, D_FF).double())
    (
        block(randn(2, SEQ, D_MODEL), randn(2, SOURCE, D_MODEL)) * randn(2, SEQ, D_MODEL)
    ).sum().backward()
    for name, parameter in block.named_parameters():
        # A bias of the keys shifts all scores of a query alike, so it has none.
        if not name.endswith("key.bias"):
            assert parameter.grad.abs().sum() > 1e-6, name


@pytest.mark.parametrize("pre_norm", [True, False])
def test_one_token_at_a_time_with_a_cache_gives_the_same(pre_norm, randomise, randn):
    block = randomise(DecoderBlock(D_MODEL, HEADS, D_FF, pre_norm).double())
    x, memory, cache = randn(2, SEQ, D_MODEL), randn(2, SOURCE, D_MODEL), KVCache()
    steps = [block(x[:, i : i + 1], memory, memory_mask=PADDING, cache=cache) for i in range(SEQ)]
    whole = block(x, memory, mask=causal_mask(SEQ), memory_mask=PADDING)
    torch.testing.assert_close(torch.cat(steps, 1), whole)
    assert len(cache) == SEQ  # the memory is not among what is kept


def test_padding_of_the_memory_has_no_say(randomise, randn):
    block = randomise(DecoderBlock(D_MODEL, HEADS, D_FF).double())
    x, memory = randn(2, SEQ, D_MODEL), randn(2, SOURCE, D_MODEL)
    noisy = memory + 100 * ~PADDING[:, 0, 0, :, None]
    torch.testing.assert_close(
        block(x, memory, memory_mask=PADDING), block(x, noisy, memory_mask=PADDING)
    )


def test_a_norm_that_is_given_is_copied_for_each_place():
    norm = RMSNorm(D_MODEL)
    block = DecoderBlock(D_MODEL, HEADS, D_FF, norm=norm)
    norms = block.attention_norm, block.cross_norm, block.feedforward_norm
    assert all(isinstance(one, RMSNorm) for one in norms)
    assert len({id(one.weight) for one in norms}) == 3


def test_dropout_is_for_training_only(randn):
    block = DecoderBlock(D_MODEL, HEADS, D_FF, dropout=1.0).double()
    x, memory = randn(2, SEQ, D_MODEL), randn(2, SOURCE, D_MODEL)
    torch.testing.assert_close(block(x, memory), x)
    assert not torch.allclose(block.eval()(x, memory), x)
