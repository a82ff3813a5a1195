"""Alignment: which words of the source a decoder looks at while it writes each word.

Bahdanau et al. 2015, section 3.1 and figure 3, https://arxiv.org/abs/1409.0473
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from gradus.attention import MultiHeadAttention, attend
from gradus.encoder_decoder import EncoderDecoder
from gradus.heads import split_heads


def cross_weights(
    model: EncoderDecoder,
    source: Int[Tensor, " source"],
    target: Int[Tensor, " seq"],
    padding: Bool[Tensor, " source"] | None = None,
) -> Float[Tensor, "layer head seq source"]:
    """Run a model on one source and one target; return the weights of all its cross-attentions.

    `target` are the decoder's inputs. The part `cross` of every block has to be a
    `MultiHeadAttention` that is called `cross(x, memory, mask=...)`.
    """
    found: list[Tensor] = []

    def watch(layer: MultiHeadAttention, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        x, memory, *rest = [*args, *(given[name] for name in ("x", "memory") if name in given)]
        q, k = split_heads(layer.query(x), layer.heads), split_heads(layer.key(memory), layer.heads)
        found.append(attend(q, k, k, rest[0] if rest else given.get("mask"))[1][0])

    watched: list[Any] = [block.cross for block in model.blocks]
    handles = [layer.register_forward_pre_hook(watch, with_kwargs=True) for layer in watched]
    try:
        with torch.no_grad():
            model(source[None], target[None], None if padding is None else padding[None])
    finally:
        for handle in handles:
            handle.remove()
    return torch.stack(found)
