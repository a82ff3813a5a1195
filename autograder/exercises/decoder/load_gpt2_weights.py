"""load_gpt2_weights: published names and shapes onto our own."""

import torch
from torch import Generator, ones, randint, randn, tensor

from autograder.exercise import Exercise
from autograder.exercises.decoder.afterwards import Afterwards
from autograder.left_behind import PublishedShape
from autograder.trial import Trial, ask
from gradus import gpt2_weights

load_gpt2_weights = Exercise(gpt2_weights.load_gpt2_weights)

JUDGE = Afterwards()
SIZES = (7, 5, 4, 6, 2)  # vocab, max_seq, d_model, d_ff, layers


def published(rng, vocab, max_seq, d_model, d_ff, layers):
    """Random weights under the names that GPT-2's have."""

    def draw(*shape):
        return randn(*shape, generator=rng)

    def norm(name):
        return {f"{name}.weight": draw(d_model), f"{name}.bias": draw(d_model)}

    state = {"wte.weight": draw(vocab, d_model), "wpe.weight": draw(max_seq, d_model)}
    for i in range(layers):
        state |= norm(f"h.{i}.ln_1") | norm(f"h.{i}.ln_2")
        for name, inputs, outputs in (
            ("attn.c_attn", d_model, 3 * d_model),
            ("attn.c_proj", d_model, d_model),
            ("mlp.c_fc", d_model, d_ff),
            ("mlp.c_proj", d_ff, d_model),
        ):
            state[f"h.{i}.{name}.weight"] = draw(inputs, outputs)
            state[f"h.{i}.{name}.bias"] = draw(outputs)
    return state | norm("ln_f")


def _load(rng, *sizes):
    return ask(PublishedShape(*sizes), published(rng, *sizes))


@load_gpt2_weights.case("embeddings and the last norm: a model without blocks", judge=JUDGE)
def no_blocks(rng: Generator) -> Trial:
    return _load(rng, 7, 5, 4, 6, 0)


@load_gpt2_weights.case(
    "a model of two blocks",
    2.5,
    judge=JUDGE,
    hint="Which of the weights were published as (inputs, outputs)?",
)
def two_blocks(rng: Generator) -> Trial:
    return _load(rng, *SIZES)


@load_gpt2_weights.case(
    "a model whose matrices are square",
    judge=JUDGE,
    hint="A shape cannot tell here whether a matrix is turned or not.",
)
def square(rng: Generator) -> Trial:
    return _load(rng, 3, 3, 3, 3, 1)


@load_gpt2_weights.case(
    "twelve blocks, in no particular order", judge=JUDGE, hint="What comes first: h.10 or h.2?"
)
def twelve(rng: Generator) -> Trial:
    sizes = (3, 2, 2, 3, 12)
    state = published(rng, *sizes)
    return ask(PublishedShape(*sizes), {name: state[name] for name in sorted(state)})


@load_gpt2_weights.case("a prefix, a head, and causal masks", judge=JUDGE)
def extras(rng: Generator) -> list[Trial]:
    state = published(rng, *SIZES)
    whole = {f"transformer.{name}": weight for name, weight in state.items()}
    masks = {f"h.{i}.attn.bias": ones(1, 1, 5, 5).tril() for i in range(2)}
    masks |= {f"h.{i}.attn.masked_bias": tensor(-1e4) for i in range(2)}
    return [
        ask(PublishedShape(*SIZES), whole | {"lm_head.weight": state["wte.weight"]}),
        ask(PublishedShape(*SIZES), state | masks),
        ask(
            PublishedShape(*SIZES), whole | {f"transformer.{n}": mask for n, mask in masks.items()}
        ),
    ]


@load_gpt2_weights.case(
    "what does not fit is refused",
    1.5,
    judge=JUDGE,
    hint="One weight is missing, one is unknown, one has another shape, one block is too many, one "
    "head does not repeat wte.",
)
def refused(rng: Generator) -> list[Trial]:
    state, sizes = published(rng, *SIZES), (7, 5, 4, 6)
    missing = {name: weight for name, weight in state.items() if name != "h.1.ln_2.bias"}
    return [
        ask(PublishedShape(*SIZES), missing),
        ask(PublishedShape(*SIZES), state | {"h.0.attn.c_more.weight": randn(4, 4, generator=rng)}),
        ask(PublishedShape(*SIZES), state | {"wpe.weight": randn(6, 4, generator=rng)}),
        ask(PublishedShape(*sizes, 1), state),
        ask(PublishedShape(*sizes, 3), state),
        ask(PublishedShape(*SIZES), state | {"lm_head.weight": randn(7, 4, generator=rng)}),
    ]


@load_gpt2_weights.case("hidden sizes", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> Trial:
    vocab, max_seq, width, d_ff = randint(3, 7, (4,), generator=rng).tolist()
    return _load(rng, vocab, max_seq, 2 * width, d_ff, 3)


@load_gpt2_weights.house_rules(0.5, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    return _load(rng, *SIZES)


@load_gpt2_weights.variant
def weight_by_weight(model, state):
    rest = {}
    for name, weight in state.items():
        name = name[len("transformer.") :] if name.startswith("transformer.") else name
        if name != "lm_head.weight" and not name.endswith((".attn.bias", ".attn.masked_bias")):
            rest[name] = weight

    def put(name, weight):
        target = model.get_parameter(name)
        if target.shape != weight.shape:
            raise RuntimeError(f"{name}: {tuple(weight.shape)} is not {tuple(target.shape)}")
        with torch.no_grad():
            target.copy_(weight)

    def take(name):
        if name not in rest:
            raise RuntimeError(f"{name} is missing")
        return rest.pop(name)

    if "lm_head.weight" in state and (state["lm_head.weight"] != rest["wte.weight"]).any():
        raise RuntimeError("lm_head.weight and wte.weight are not the same")
    put("tokens.weight", take("wte.weight"))
    put("positions.weight", take("wpe.weight"))
    for kind in ("weight", "bias"):
        put(f"norm.{kind}", take(f"ln_f.{kind}"))
    for i in range(len(model.blocks)):
        for kind in ("weight", "bias"):
            mix = take(f"h.{i}.attn.c_attn.{kind}")
            width = mix.shape[-1] // 3
            for j, part in enumerate(("query", "key", "value")):
                piece = mix[..., j * width : (j + 1) * width]
                put(f"blocks.{i}.attention.{part}.{kind}", piece.t())
            put(f"blocks.{i}.attention.out.{kind}", take(f"h.{i}.attn.c_proj.{kind}").t())
            put(f"blocks.{i}.feedforward.up.{kind}", take(f"h.{i}.mlp.c_fc.{kind}").t())
            put(f"blocks.{i}.feedforward.down.{kind}", take(f"h.{i}.mlp.c_proj.{kind}").t())
            put(f"blocks.{i}.attention_norm.{kind}", take(f"h.{i}.ln_1.{kind}"))
            put(f"blocks.{i}.feedforward_norm.{kind}", take(f"h.{i}.ln_2.{kind}"))
    if rest:
        raise RuntimeError(f"unknown: {sorted(rest)}")


RENAMED = (
    ("transformer.", ""), ("wte.", "tokens."), ("wpe.", "positions."), ("ln_f.", "norm."),
    ("h.", "blocks."), (".ln_1.", ".attention_norm."), (".ln_2.", ".feedforward_norm."),
    (".attn.c_proj.", ".attention.out."), (".mlp.c_fc.", ".feedforward.up."),
    (".mlp.c_proj.", ".feedforward.down."),
)  # fmt: skip


@load_gpt2_weights.variant
def by_replacing(model, state):
    ours = {}
    for name, weight in state.items():
        if "lm_head" in name:
            words = next(w for n, w in state.items() if n.endswith("wte.weight"))
            if not torch.allclose(weight, words):
                raise RuntimeError(f"{name} should repeat wte.weight")
        if "lm_head" in name or name.endswith(".attn.bias") or "masked_bias" in name:
            continue
        if name.endswith(".weight") and ".c_" in name:
            weight = weight.transpose(0, 1)
        for old, new in RENAMED:
            if old.startswith(".") or name.startswith(old):
                name = name.replace(old, new, 1)
        if ".attn.c_attn." in name:
            size = len(weight) // 3
            parts = dict(zip(("query", "key", "value"), weight.split(size), strict=True))
            ours |= {name.replace("attn.c_attn", f"attention.{p}"): w for p, w in parts.items()}
        else:
            ours[name] = weight
    model.load_state_dict(ours, strict=True)
