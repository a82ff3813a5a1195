"""GPT-2's published weights, put where they belong in a `Gpt`."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def load_gpt2_weights(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Load GPT-2's weights, by their published names, into a `Gpt` of this library's own parts.

    | published                              | here                                     |
    | -------------------------------------- | ---------------------------------------- |
    | wte, wpe, ln_f                         | tokens, positions, norm                  |
    | h.3.ln_1, h.3.ln_2                     | blocks.3.attention_norm, feedforward_norm|
    | h.3.attn.c_attn                        | blocks.3.attention.query, key, value     |
    | h.3.attn.c_proj                        | blocks.3.attention.out                   |
    | h.3.mlp.c_fc, h.3.mlp.c_proj           | blocks.3.feedforward.up, down            |

    - The weights of all four layers called c_... were published transposed, as (inputs, outputs);
      ours, like those of every `nn.Linear`, are (outputs, inputs).
    - c_attn makes queries, keys and values in one go: its outputs are, in this order, all queries,
      all keys, all values, a third each. That holds for its bias, too.
    - Names may start with "transformer.". "lm_head.weight" only repeats wte, and "h.3.attn.bias"
      and "h.3.attn.masked_bias" are causal masks: these three are left out.

    Raises RuntimeError, as `load_state_dict` does, when a weight of the model is missing, when a
    name is unknown, or when a shape does not fit; and when lm_head.weight is not the same as wte.
    """
    outside = {"wte": "tokens", "wpe": "positions", "ln_f": "norm"}
    inside = {
        "ln_1": "attention_norm",
        "attn.c_proj": "attention.out",
        "ln_2": "feedforward_norm",
        "mlp.c_fc": "feedforward.up",
        "mlp.c_proj": "feedforward.down",
    }
    bare = {name.removeprefix("transformer."): weight for name, weight in state.items()}
    head, words = bare.pop("lm_head.weight", None), bare.get("wte.weight")
    if head is not None and words is not None and not torch.equal(head, words):
        raise RuntimeError("lm_head.weight is not the same as wte.weight: this model has one table")
    ours: dict[str, Tensor] = {}
    for name, weight in bare.items():
        if name.endswith((".attn.bias", ".attn.masked_bias")):
            continue
        part, _, kind = name.rpartition(".")
        if not part.startswith("h."):
            ours[f"{outside.get(part, part)}.{kind}"] = weight
            continue
        _, layer, piece = part.split(".", 2)
        turned = weight.t() if ".c_" in part else weight
        if piece == "attn.c_attn":
            for third, rows in zip(("query", "key", "value"), turned.chunk(3), strict=True):
                ours[f"blocks.{layer}.attention.{third}.{kind}"] = rows
        else:
            ours[f"blocks.{layer}.{inside.get(piece, piece)}.{kind}"] = turned
    model.load_state_dict(ours)
