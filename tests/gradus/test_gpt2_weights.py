"""load_gpt2_weights: nothing missing, nothing unknown, nothing turned the wrong way."""

import pytest
import torch

from gradus.gpt2_weights import load_gpt2_weights
from tests.gradus.tiny_gpt import D_FF, MAX_SEQ, VOCAB, WIDTH, tiny_gpt


def published(rng, layers=2):
    """Random weights under their published names."""

    def draw(*shape):
        return torch.randn(*shape, generator=rng)

    state = {"wte.weight": draw(VOCAB, WIDTH), "wpe.weight": draw(MAX_SEQ, WIDTH)}
    for i in range(layers):
        for name, inputs, outputs in [
            ("attn.c_attn", WIDTH, 3 * WIDTH),
            ("attn.c_proj", WIDTH, WIDTH),
            ("mlp.c_fc", WIDTH, D_FF),
            ("mlp.c_proj", D_FF, WIDTH),
        ]:
            state[f"h.{i}.{name}.weight"] = draw(inputs, outputs)
            state[f"h.{i}.{name}.bias"] = draw(outputs)
        for name in ("ln_1", "ln_2"):
            state[f"h.{i}.{name}.weight"] = draw(WIDTH)
            state[f"h.{i}.{name}.bias"] = draw(WIDTH)
    return state | {"ln_f.weight": draw(WIDTH), "ln_f.bias": draw(WIDTH)}


def test_square_weights_are_turned_too(rng):
    model, state = tiny_gpt(), published(rng)
    load_gpt2_weights(model, state)
    out = model.blocks[1].attention.out
    assert torch.equal(out.weight, state["h.1.attn.c_proj.weight"].T)
    x = torch.randn(3, WIDTH, generator=rng)
    expected = x @ state["h.1.attn.c_attn.weight"] + state["h.1.attn.c_attn.bias"]
    attention = model.blocks[1].attention
    mine = torch.cat([attention.query(x), attention.key(x), attention.value(x)], dim=-1)
    torch.testing.assert_close(mine, expected)


def test_prefix_head_and_masks_are_known(rng):
    model, other, state = tiny_gpt(), tiny_gpt(), published(rng)
    load_gpt2_weights(model, state)
    extra = {
        "lm_head.weight": state["wte.weight"],
        "transformer.h.0.attn.bias": torch.ones(1, 1, 9, 9).tril(),
        "transformer.h.0.attn.masked_bias": torch.tensor(-1e4),
    }
    load_gpt2_weights(other, {f"transformer.{n}": w for n, w in state.items()} | extra)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name]), name


def test_the_model_does_not_share_memory_with_the_published_weights(rng):
    model, state = tiny_gpt(), published(rng)
    load_gpt2_weights(model, state)
    state["wte.weight"].zero_()
    assert model.tokens.weight.all()


def test_a_head_of_its_own_is_refused_by_name(rng):
    state = published(rng)
    for prefix in ("", "transformer."):
        named = {f"{prefix}{name}": weight for name, weight in state.items()}
        with pytest.raises(RuntimeError, match=r"lm_head\.weight is not the same as wte"):
            load_gpt2_weights(tiny_gpt(), named | {"lm_head.weight": state["wte.weight"] + 1})


def test_missing_unknown_and_wrong_shapes_are_refused(rng):
    state = published(rng)
    missing = {n: w for n, w in state.items() if n != "h.1.ln_2.bias"}
    unknown = state | {"h.0.attn.c_more.weight": torch.ones(2, 2)}
    shape = state | {"wpe.weight": torch.ones(3, WIDTH)}
    for wrong in (missing, unknown, shape, published(rng, layers=3), published(rng, layers=1)):
        with pytest.raises(RuntimeError):
            load_gpt2_weights(tiny_gpt(), wrong)
