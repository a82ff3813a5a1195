"""What goes wrong in load_gpt2_weights."""

from functools import partial

import torch

from autograder.exercises.decoder.load_gpt2_weights import load_gpt2_weights

OUTSIDE = {"wte": "tokens", "wpe": "positions", "ln_f": "norm"}
INSIDE = {
    "ln_1": "attention_norm",
    "attn.c_proj": "attention.out",
    "ln_2": "feedforward_norm",
    "mlp.c_fc": "feedforward.up",
    "mlp.c_proj": "feedforward.down",
}
NOT_LEARNED = (".attn.bias", ".attn.masked_bias")  # causal masks, kept beside the weights
THIRDS = ("query", "key", "value")


def _thirds(rows):
    return dict(zip(THIRDS, rows.chunk(3), strict=True))


def load(
    model, state, *, prefix=True, turns=lambda part: ".c_" in part, outside=OUTSIDE, inside=INSIDE,
    thirds=_thirds, bias_thirds=None, layer_of=lambda layer, layers: layer, strict=True,
    left_out=NOT_LEARNED, head_left_out=True, head_compared=True, into_ours=None,
):  # fmt: skip
    """Load, with any of the steps replaced."""
    words = state.get("wte.weight", state.get("transformer.wte.weight"))
    head = state.get("lm_head.weight", words)
    if head_left_out and head_compared and not torch.equal(head, words):
        raise RuntimeError("lm_head.weight is not wte.weight")
    ours = {}
    layers = sorted({n.split("h.")[1].split(".")[0] for n in state if "h." in n and "ln_1" in n})
    for published, weight in state.items():
        name = published.removeprefix("transformer.") if prefix else published
        if (head_left_out and name == "lm_head.weight") or name.endswith(left_out):
            continue
        part, _, kind = name.rpartition(".")
        if not part.startswith("h."):
            weight = weight.t() if turns(part) and weight.dim() > 1 else weight
            ours[f"{outside.get(part, part)}.{kind}"] = weight
            continue
        _, layer, within = part.split(".", 2)
        layer = layer_of(layer, layers)
        turned = weight.t() if turns(part) and weight.dim() > 1 else weight
        if within == "attn.c_attn":
            split = bias_thirds if bias_thirds and kind == "bias" else thirds
            for third, rows in split(turned).items():
                ours[f"blocks.{layer}.attention.{third}.{kind}"] = rows
        else:
            ours[f"blocks.{layer}.{inside.get(within, within)}.{kind}"] = turned
    if into_ours:
        into_ours(ours)
    model.load_state_dict(ours, strict=strict)


load_gpt2_weights.mistake(
    "No matrix is turned: those called c_... were published as (inputs, outputs).",
    "What shape has c_fc's weight, and what shape has the weight of an nn.Linear?",
)(partial(load, turns=lambda part: False, thirds=lambda w: dict(
    zip(THIRDS, w.chunk(3, dim=-1), strict=True))))  # fmt: skip

load_gpt2_weights.mistake(
    "Every matrix is turned, the embeddings as well.",
    "Which layers were published transposed: all of them?",
)(partial(load, turns=lambda part: True))

load_gpt2_weights.mistake(
    "Square matrices are not turned: the shape fits either way, and says nothing.",
    "attn.c_proj is square. Was it published transposed?",
)(partial(load, turns=lambda part: ".c_" in part and part[-11:] != "attn.c_proj"))

load_gpt2_weights.mistake(
    "c_attn is not turned before it is cut in three; its thirds are turned afterwards.",
    "Along which axis of c_attn do queries, keys and values lie?",
)(partial(load, thirds=lambda w: {n: t.t() for n, t in _thirds(w.t()).items()}))

load_gpt2_weights.mistake(
    "mlp.c_fc and mlp.c_proj are not turned.", "How many layers are called c_...?"
)(partial(load, turns=lambda part: "attn.c_" in part))

load_gpt2_weights.mistake(
    "The layers of attention are not turned.", "How many layers are called c_...?"
)(
    partial(
        load,
        turns=lambda part: "mlp.c_" in part,
        thirds=lambda w: dict(zip(THIRDS, w.chunk(3, dim=-1), strict=True)),
    )
)

load_gpt2_weights.mistake(
    "Keys and queries are exchanged.", "In which order do the three thirds of c_attn come?"
)(partial(load, thirds=lambda w: dict(zip(("key", "query", "value"), w.chunk(3), strict=True))))

load_gpt2_weights.mistake(
    "Keys and values are exchanged.", "In which order do the three thirds of c_attn come?"
)(partial(load, thirds=lambda w: dict(zip(("query", "value", "key"), w.chunk(3), strict=True))))

load_gpt2_weights.mistake(
    "Queries, keys and values are dealt out row by row, like cards; they lie in blocks.",
    "Which outputs of c_attn are queries: every third one, or the first third?",
)(partial(load, thirds=lambda w: {n: w[i::3] for i, n in enumerate(THIRDS)}))

load_gpt2_weights.mistake(
    "The biases of queries, keys and values are all the first third of c_attn's bias.",
    "How is the bias of c_attn cut?",
)(partial(load, bias_thirds=lambda w: dict.fromkeys(THIRDS, w.chunk(3)[0])))

load_gpt2_weights.mistake(
    "The two norms of a block are exchanged.",
    "Which norm comes before attention: ln_1 or ln_2?",
)(partial(load, inside=INSIDE | {"ln_1": "feedforward_norm", "ln_2": "attention_norm"}))

load_gpt2_weights.mistake(
    "Every block is given the norm before attention twice.",
    "How many norms has a block, and where is each published?",
)(
    partial(
        load,
        into_ours=lambda ours: ours.update(
            {n: ours[n.replace("feedforward_norm", "attention_norm")]
             for n in list(ours) if "feedforward_norm" in n}
        ),
    )
)  # fmt: skip

load_gpt2_weights.mistake(
    "The blocks are numbered in the order of the alphabet: h.10 before h.2.",
    "Are the layers' numbers compared as numbers, or as text?",
)(partial(load, layer_of=lambda layer, layers: layers.index(layer)))

load_gpt2_weights.mistake(
    "The last block is first: the blocks are in reverse order.",
    "Which number has the block that reads the words?",
)(partial(load, layer_of=lambda layer, layers: len(layers) - 1 - int(layer)))

load_gpt2_weights.mistake(
    "What is missing or unknown is passed over in silence (strict=False).",
    "How would you learn that a weight kept its random values?",
)(partial(load, strict=False))

load_gpt2_weights.mistake(
    'Names that start with "transformer." are not understood.',
    "With which two beginnings may a name come?",
)(partial(load, prefix=False))

load_gpt2_weights.mistake(
    "The causal mask attn.bias is taken for a weight.",
    "Which of the published tensors did nobody learn?",
)(partial(load, left_out=(".attn.masked_bias",)))

load_gpt2_weights.mistake(
    "masked_bias is taken for a weight.", "Which of the published tensors did nobody learn?"
)(partial(load, left_out=(".attn.bias",)))

load_gpt2_weights.mistake(
    "The bias of c_attn is left out together with the masks: its name ends in attn.bias, too.",
    "Which names end in attn.bias, if you do not ask what stands before attn?",
)(partial(load, left_out=("attn.bias", ".attn.masked_bias")))

load_gpt2_weights.mistake(
    "lm_head.weight is taken for a weight of this model, which has no head.",
    "Which published tensor only repeats another?",
)(partial(load, head_left_out=False))

load_gpt2_weights.mistake(
    "lm_head.weight is left out without a look: one that does not repeat wte is lost in silence.",
    "What would a model say whose head was trained apart from its words?",
)(partial(load, head_compared=False))

load_gpt2_weights.mistake(
    "Tokens and positions are exchanged.", "What do the t and the p in wte and wpe stand for?"
)(partial(load, outside=OUTSIDE | {"wte": "positions", "wpe": "tokens"}))


@load_gpt2_weights.mistake(
    "Only the first block is loaded; the others keep what they had.",
    "Does your loop go over all blocks?",
)
def first_block_only(model, state):
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    load(model, state)
    later = [n for n in before if n.startswith("blocks.") and not n.startswith("blocks.0.")]
    model.load_state_dict({name: before[name] for name in later}, strict=False)


@load_gpt2_weights.mistake(
    "Nothing arrives in the model: the weights are renamed, and not loaded.",
    "Where in your code are the model's parameters written to?",
)
def not_loaded(model, state):
    pass


@load_gpt2_weights.mistake(
    "The biases are not loaded.", "Which two kinds of numbers has a linear layer, or a norm?"
)
def no_biases(model, state):
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    load(model, state)
    model.load_state_dict({n: w for n, w in before.items() if n.endswith("bias")}, strict=False)
