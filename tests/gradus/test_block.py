"""Block: against torch's own encoder layer, BERT's and GPT-2's, and against its laws."""

from functools import partial

import pytest
import torch
from torch import nn

from gradus.activation import gelu
from gradus.attention import MultiHeadAttention
from gradus.block import Block
from gradus.cache import KVCache
from gradus.count import count_parameters
from gradus.feedforward import FeedForward, SwiGLU
from gradus.mask import causal_mask
from gradus.norm import LayerNorm, RMSNorm

BATCH, SEQ, HEADS, D_MODEL, D_FF = 2, 5, 3, 12, 10
HIDDEN = torch.finfo(torch.float64).min  # what transformers adds to the score of a masked key
PADDING = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
NAMES = {
    "attention_norm": "norm1",
    "feedforward_norm": "norm2",
    "attention.out": "self_attn.out_proj",
    "feedforward.up": "linear1",
    "feedforward.down": "linear2",
}


def assert_same(ours, theirs, weight, mine, yours):
    """Compare outputs, then gradients with respect to `mine` and `yours`."""
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), mine),
        torch.autograd.grad((theirs * weight).sum(), yours),
    )


def weights(module, names):
    """The weight and bias of each of the module's parts."""
    return [w for name in names for w in module.get_submodule(name).parameters()]


def as_torch(block: Block) -> nn.TransformerEncoderLayer:
    """Torch's own layer with the same weights."""
    oracle = nn.TransformerEncoderLayer(
        D_MODEL,
        HEADS,
        D_FF,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=block.pre_norm,
        layer_norm_eps=block.attention_norm.eps,
        dtype=torch.float64,
    )
    for ours, theirs in NAMES.items():
        oracle.get_submodule(theirs).load_state_dict(block.get_submodule(ours).state_dict())
    inner = block.attention.query, block.attention.key, block.attention.value
    with torch.no_grad():
        oracle.self_attn.in_proj_weight.copy_(torch.cat([linear.weight for linear in inner]))
        oracle.self_attn.in_proj_bias.copy_(torch.cat([linear.bias for linear in inner]))
    return oracle


@pytest.mark.parametrize("pre_norm", [True, False])
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_values_and_gradients_are_those_of_torch(pre_norm, eps, randomise, randn):
    norm = LayerNorm(D_MODEL, eps=eps)
    block = randomise(Block(D_MODEL, HEADS, D_FF, pre_norm=pre_norm, norm=norm))
    oracle, mask = as_torch(block), causal_mask(SEQ)
    x, weight = randn(BATCH, SEQ, D_MODEL), randn(BATCH, SEQ, D_MODEL).detach()

    mine = [x, *weights(block, NAMES)]
    yours = [x, *weights(oracle, NAMES.values())]
    assert_same(block(x, mask=mask), oracle(x, src_mask=~mask), weight, mine, yours)


@pytest.mark.parametrize("pre_norm", [True, False])
@pytest.mark.parametrize("training", [True, False])
def test_no_dropout_unless_asked_for(pre_norm, training, randomise, randn):
    block = randomise(Block(D_MODEL, HEADS, D_FF, pre_norm)).train(training)
    x, before = randn(BATCH, SEQ, D_MODEL), torch.get_rng_state()
    output = block(x)

    assert torch.equal(torch.get_rng_state(), before)
    torch.testing.assert_close(output, as_torch(block)(x))


@pytest.mark.parametrize("pre_norm", [True, False])
def test_parts_that_add_nothing_leave_the_stream_or_its_norms(pre_norm, randomise, randn):
    block = randomise(Block(D_MODEL, HEADS, D_FF, pre_norm))
    for last in (block.attention.out, block.feedforward.down):
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
    x = randn(BATCH, SEQ, D_MODEL)

    expected = x if pre_norm else block.feedforward_norm(block.attention_norm(x))
    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize("pre_norm", [True, False])
def test_dropout_thins_what_is_added_and_never_the_stream(pre_norm, randomise, randn):
    block = randomise(Block(D_MODEL, HEADS, D_FF, pre_norm, dropout=1.0))
    x = randn(BATCH, SEQ, D_MODEL)

    expected = x if pre_norm else block.feedforward_norm(block.attention_norm(x))
    torch.testing.assert_close(block.train()(x), expected)
    assert not torch.allclose(block.eval()(x), expected)


def test_the_two_norms_have_weights_of_their_own():
    for block in (Block(D_MODEL, HEADS, D_FF), Block(D_MODEL, HEADS, D_FF, norm=RMSNorm(D_MODEL))):
        assert block.attention_norm.weight is not block.feedforward_norm.weight


def test_other_parts_may_be_given(randomise, randn):
    attention = MultiHeadAttention(D_MODEL, 4, kv_heads=2, bias=False)
    norm, feedforward = RMSNorm(D_MODEL, eps=0.1), SwiGLU(D_MODEL, D_FF)
    block = Block(D_MODEL, 4, D_FF, attention=attention, feedforward=feedforward, norm=norm)
    randomise(block)
    x, mask = randn(BATCH, SEQ, D_MODEL), causal_mask(SEQ)

    middle = x + attention(block.attention_norm(x), mask=mask)
    expected = middle + feedforward(block.feedforward_norm(middle))
    torch.testing.assert_close(block(x, mask=mask), expected)
    assert isinstance(block.feedforward_norm, RMSNorm)
    assert block.feedforward_norm.eps == 0.1


@pytest.mark.parametrize("pre_norm", [True, False])
def test_with_a_cache_a_text_can_be_read_piece_by_piece(pre_norm, randomise, randn):
    block, x = randomise(Block(D_MODEL, HEADS, D_FF, pre_norm)), randn(BATCH, SEQ, D_MODEL)
    cache = KVCache()
    pieces = [
        block(x[:, start:stop], mask=causal_mask(stop - start, stop), cache=cache)
        for start, stop in ((0, 2), (2, 3), (3, 5))
    ]

    torch.testing.assert_close(torch.cat(pieces, dim=1), block(x, mask=causal_mask(SEQ)))


def test_the_parameters_of_gpt2s_block():
    assert count_parameters(Block(768, 12, 3072)) == 7_087_872


def test_a_width_that_heads_do_not_divide_is_refused():
    with pytest.raises(ValueError, match="d_model=10 does not divide evenly into heads=3"):
        Block(10, 3, 40)


def test_post_norm_is_the_layer_of_bert(randomise, randn):
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        hidden_size=D_MODEL,
        num_attention_heads=HEADS,
        intermediate_size=D_FF,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        layer_norm_eps=0.1,
        attn_implementation="eager",
    )
    theirs = randomise(transformers.models.bert.modeling_bert.BertLayer(config)).eval()
    norm = LayerNorm(D_MODEL, eps=0.1)
    ours = Block(D_MODEL, HEADS, D_FF, pre_norm=False, norm=norm).double()
    names = {
        "attention.query": "attention.self.query",
        "attention.key": "attention.self.key",
        "attention.value": "attention.self.value",
        "attention.out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "feedforward.up": "intermediate.dense",
        "feedforward.down": "output.dense",
        "feedforward_norm": "output.LayerNorm",
    }
    for mine, yours in names.items():
        ours.get_submodule(mine).load_state_dict(theirs.get_submodule(yours).state_dict())
    x, weight = randn(BATCH, SEQ, D_MODEL), randn(BATCH, SEQ, D_MODEL).detach()
    mask = PADDING[:, None, None, :]
    additive = torch.zeros(BATCH, 1, 1, SEQ).double().masked_fill(~mask, HIDDEN)
    expected = theirs(x, attention_mask=additive)
    expected = expected if isinstance(expected, torch.Tensor) else expected[0]

    mine, yours = [x, *weights(ours, names)], [x, *weights(theirs, names.values())]
    assert_same(ours(x, mask=mask), expected, weight, mine, yours)


def test_pre_norm_is_the_block_of_gpt2(randomise, randn):
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(
        n_embd=D_MODEL,
        n_head=HEADS,
        n_inner=D_FF,
        resid_pdrop=0.0,
        attn_pdrop=0.0,
        layer_norm_epsilon=0.1,
        attn_implementation="sdpa",
    )
    theirs = randomise(transformers.models.gpt2.modeling_gpt2.GPT2Block(config, 0)).eval()
    tanh_gelu = partial(gelu, approximate=True)
    ours = Block(
        D_MODEL,
        HEADS,
        D_FF,
        norm=LayerNorm(D_MODEL, eps=0.1),
        feedforward=FeedForward(D_MODEL, D_FF, activation=tanh_gelu),
    ).double()
    fused = zip(
        theirs.attn.c_attn.weight.chunk(3, dim=1), theirs.attn.c_attn.bias.chunk(3), strict=True
    )
    inner = ours.attention.query, ours.attention.key, ours.attention.value
    outer = {
        ours.attention.out: theirs.attn.c_proj,
        ours.feedforward.up: theirs.mlp.c_fc,
        ours.feedforward.down: theirs.mlp.c_proj,
    }
    with torch.no_grad():  # GPT-2 stores its linear layers the other way round
        for linear, (matrix, bias) in zip(inner, fused, strict=True):
            linear.weight.copy_(matrix.mT)
            linear.bias.copy_(bias)
        for linear, convolution in outer.items():
            linear.weight.copy_(convolution.weight.mT)
            linear.bias.copy_(convolution.bias)
    ours.attention_norm.load_state_dict(theirs.ln_1.state_dict())
    ours.feedforward_norm.load_state_dict(theirs.ln_2.state_dict())
    x, weight = randn(BATCH, SEQ, D_MODEL), randn(BATCH, SEQ, D_MODEL).detach()
    mask = causal_mask(SEQ)
    additive = torch.zeros(1, 1, SEQ, SEQ).double().masked_fill(~mask, HIDDEN)
    expected = theirs(x, attention_mask=additive)
    expected = expected if isinstance(expected, torch.Tensor) else expected[0]

    mine = [x, *weights(ours, ["attention_norm", "feedforward_norm"])]
    yours = [x, *weights(theirs, ["ln_1", "ln_2"])]
    assert_same(ours(x, mask=mask), expected, weight, mine, yours)
