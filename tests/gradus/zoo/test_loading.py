"""Loading is strict: what does not fit is an error that names it, and nothing is loaded."""

import sys

import pytest
import torch
from safetensors.torch import save_file

from gradus.zoo import bart, bert, llama, t5, transformer
from gradus.zoo.gguf_file import read_gguf
from gradus.zoo.loading import load_weights, read_safetensors
from gradus.zoo.names import counterparts, our_name
from gradus.zoo.parts import EncoderParts, PairParts, Parts
from tests.gradus.zoo.pairs import PAIRS, loaded

ERRORS = (ValueError, RuntimeError)  # load_gpt2_weights raises the latter


def snapshot(model):
    return {name: parameter.clone() for name, parameter in model.named_parameters()}


@pytest.mark.parametrize("name", PAIRS)
def test_every_missing_name_is_an_error_and_nothing_changes(name):
    pair = loaded(name)
    before = snapshot(pair.ours)
    state = {n: p.detach() + 1 for n, p in pair.theirs.named_parameters() if p.requires_grad}
    layer = next(n for n in state if "1.fc1" in n or "1.mlp" in n or "Dense" in n or "inter" in n)
    norm = next(n for n in state if "norm" in n.lower() or "ln_" in n)
    del state[layer], state[norm]

    with pytest.raises(ERRORS) as error:
        pair.load(pair.ours, state)

    message = str(error.value)
    assert "feedforward" in message
    assert "norm" in message
    if isinstance(error.value, ValueError):  # load_state_dict copies what fits
        assert all(torch.equal(before[n], p) for n, p in pair.ours.named_parameters())


@pytest.mark.parametrize("name", PAIRS)
def test_names_that_nobody_knows_are_an_error(name):
    pair = loaded(name)
    state = pair.theirs.state_dict()
    state |= {"adapter.weight": torch.zeros(2), "decoder.extra.bias": torch.zeros(3)}

    with pytest.raises(ERRORS, match=r"(?s)adapter\.weight.*extra\.bias"):
        pair.load(pair.ours, state)


@pytest.mark.parametrize("name", PAIRS)
def test_a_wrong_shape_is_an_error(name):
    pair = loaded(name)
    state = dict(pair.theirs.state_dict())
    norm = next(n for n in state if "norm" in n.lower() or "ln_" in n)
    state[norm] = torch.ones(21)

    with pytest.raises(ERRORS, match="21"):
        pair.load(pair.ours, state)


def test_one_error_names_all_that_is_wrong():
    pair = loaded("llama")
    state = dict(pair.theirs.state_dict())
    del state["model.norm.weight"], state["lm_head.weight"]
    state["model.layers.1.mlp.up_proj.weight"] = torch.zeros(2, 3)
    state["model.layers.1.mlp.up_proj.bias"] = torch.zeros(3)

    with pytest.raises(ValueError, match="do not fit") as error:
        pair.load(pair.ours, state)

    message = str(error.value)
    assert "missing (our names): norm.weight, head.weight" in message
    assert "not known: model.layers.1.mlp.up_proj.bias" in message
    assert "up_proj.weight is (2, 3) but blocks.1.feedforward.up.weight is (33, 20)" in message


def test_many_names_are_counted():
    pair = loaded("llama")

    with pytest.raises(ValueError, match=r"attention\.key\.weight.* and 15 more"):
        pair.load(pair.ours, {})


def test_a_tied_weight_may_stand_in_the_file_once_or_twice_but_not_with_two_values():
    pair = loaded("bart")
    state = dict(pair.theirs.state_dict())
    once = {n: t for n, t in state.items() if "embed_tokens" not in n and n != "lm_head.weight"}

    pair.load(pair.ours, once)
    with pytest.raises(ValueError, match=r"model\.shared\.weight and lm_head\.weight"):
        pair.load(pair.ours, once | {"lm_head.weight": state["model.shared.weight"] + 1})


@pytest.mark.parametrize(
    ("name", "buffer"),
    [
        ("bert", "bert.embeddings.position_ids"),
        ("roberta", "roberta.embeddings.position_ids"),
        ("gpt2", "transformer.h.1.attn.bias"),
        ("gpt2", "h.0.attn.masked_bias"),
        ("llama", "model.layers.1.self_attn.rotary_emb.inv_freq"),
        ("t5", "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"),
        ("bart", "final_logits_bias"),
    ],
)
def test_known_buffers_are_left_out(name, buffer):
    pair = loaded(name)

    pair.load(pair.ours, dict(pair.theirs.state_dict()) | {buffer: torch.zeros(3)})


def test_a_bias_of_the_logits_that_is_not_zero_is_an_error():
    pair = loaded("bart")
    state = dict(pair.theirs.state_dict()) | {"final_logits_bias": torch.ones(1, 31)}

    with pytest.raises(ValueError, match="final_logits_bias is not zero"):
        bart.load_bart(pair.ours, state)


def test_waves_in_another_order_are_an_error():
    pair = loaded("transformer")
    state = dict(pair.theirs.state_dict())
    waves = state["model.encoder.embed_positions.weight"]
    state["model.encoder.embed_positions.weight"] = torch.cat([waves[:, ::2], waves[:, 1::2]], 1)

    with pytest.raises(ValueError, match="other waves"):
        transformer.load_transformer(pair.ours, state)


def test_an_encoder_alone_leaves_out_what_stands_on_top():
    pair = loaded("bert")
    state = pair.theirs.state_dict()
    encoder = bert.bert(bert.BertConfig(20, 2, 5, vocab=31, max_seq=11)).double()
    bert.load_bert(encoder, state)
    asked = pair.ask_ours

    torch.testing.assert_close(encoder(**asked), pair.ours.encoder(**asked))


def test_old_names_of_norms_are_known():
    pair = loaded("bert")
    old = {
        n.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): t
        for n, t in pair.theirs.state_dict().items()
    }
    assert any("gamma" in name for name in old)

    pair.load(pair.ours, old)


def test_dtype_stays_that_of_the_model():
    pair = loaded("llama")
    pair.ours.bfloat16()
    pair.load(pair.ours, pair.theirs.state_dict())

    assert {p.dtype for p in pair.ours.parameters()} == {torch.bfloat16}


def test_stars_stand_for_numbers_only():
    names = {"h.*.ln": "blocks.*.norm"}

    assert our_name("h.10.ln.weight", names) == "blocks.10.norm.weight"
    assert our_name("h.x.ln.weight", names) is None
    assert our_name("h.1.ln.deep.weight", names) is None


def test_safetensors_in_one_file_or_in_several(tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "1.safetensors")
    save_file({"b": torch.zeros(3)}, tmp_path / "2.safetensors")

    both = read_safetensors(tmp_path / "1.safetensors", tmp_path / "2.safetensors")

    assert {name: tuple(tensor.shape) for name, tensor in both.items()} == {"a": (2,), "b": (3,)}
    with pytest.raises(ValueError, match="earlier file: a"):
        read_safetensors(tmp_path / "1.safetensors", tmp_path / "1.safetensors")


def test_gguf_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gguf", None)

    with pytest.raises(ImportError, match=r"gradus-llm\[weights\]"):
        read_gguf("nothing.gguf")


def test_rows_of_gguf_are_put_back(randn):
    turned = randn(12, 5)  # two heads of six rows, neighbours belong together
    back = llama.unpermute(turned, heads=2)

    torch.testing.assert_close(back[:6], turned[[0, 2, 4, 1, 3, 5]])
    torch.testing.assert_close(back[6:], turned[[6, 8, 10, 7, 9, 11]])


def test_parts_are_in_the_order_of_the_models():
    assert Parts._fields == ("tokens", "blocks", "norm", "positions", "head")
    assert EncoderParts._fields == ("embedding", "blocks", "norm")
    assert PairParts._fields == ("encoder", "tokens", "blocks", "norm", "positions", "head")


def test_parts_and_weights_go_into_a_model_of_your_own():
    class Mine(torch.nn.Module):
        def __init__(self, tokens, blocks, norm, positions=None, head=None):
            super().__init__()
            self.tokens, self.norm, self.head = tokens, norm, head
            self.blocks = torch.nn.ModuleList(blocks)

    pair = loaded("llama")
    config = llama.LlamaConfig(20, 2, 10, 33, kv_heads=5, d_head=4, vocab=31)
    mine = Mine(*llama.llama_parts(config)).double()
    llama.load_llama(mine, pair.theirs.state_dict())

    assert all(torch.equal(p, pair.ours.get_parameter(n)) for n, p in mine.named_parameters())


def test_all_blocks_of_a_t5_stack_share_one_table():
    parts = t5.t5_parts(t5.T5Config(8, 3, 2, 16))
    encoder = {id(block.attention.relative) for block in parts.encoder.blocks}
    decoder = {id(block.attention.relative) for block in parts.blocks}

    assert len(encoder) == len(decoder) == 1
    assert encoder != decoder
    assert all(block.cross.relative is None for block in parts.blocks)


def test_counterparts_pair_the_layers_of_two_models():
    pair = loaded("llama")
    pairs = counterparts(pair.ours, pair.theirs, llama.NAMES, prefix="model.")

    assert pairs["blocks.1.attention.out"] == "model.layers.1.self_attn.o_proj"
    assert pairs["head"] == "lm_head"
    assert len(pairs) == 2 + 2 * 9


def test_load_weights_takes_any_module(randn):
    linear = torch.nn.Linear(2, 3).double()
    weight, bias = randn(3, 2).detach(), randn(3).detach()

    load_weights(linear, {"x.w": weight, "x.b": bias}, {"w": "weight", "b": "bias"}, prefix="x.")

    assert torch.equal(linear.weight, weight)
    assert torch.equal(linear.bias, bias)
