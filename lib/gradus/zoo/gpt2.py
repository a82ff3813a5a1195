"""GPT-2: a decoder with learned positions and pre-norm blocks, its head tied to its words.

Radford et al. 2019:
https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from dataclasses import dataclass
from functools import partial

from torch import nn

from gradus.activation import gelu
from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.feedforward import FeedForward
from gradus.gpt2_weights import load_gpt2_weights
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions
from gradus.zoo.parts import Parts

__all__ = ["Gpt2Config", "gpt2", "gpt2_parts", "load_gpt2_weights"]


@dataclass(frozen=True)
class Gpt2Config:
    """The sizes of a GPT-2; feed-forward layers are four times as wide as the stream."""

    d_model: int
    layers: int
    heads: int
    vocab: int = 50_257
    max_seq: int = 1024
    eps: float = 1e-5


# The paper prints 117M, 345M, 762M and 1542M; its authors corrected that later.
GPT2_124M = Gpt2Config(768, 12, 12)
GPT2_355M = Gpt2Config(1024, 24, 16)
GPT2_774M = Gpt2Config(1280, 36, 20)
GPT2_1558M = Gpt2Config(1600, 48, 25)

# Which layer is which, to compare models; `load_gpt2_weights` cuts and turns the weights as well.
NAMES = {
    "h.*.ln_1": "blocks.*.attention_norm",
    "h.*.attn": "blocks.*.attention",
    "h.*.attn.c_proj": "blocks.*.attention.out",
    "h.*.ln_2": "blocks.*.feedforward_norm",
    "h.*.mlp.c_fc": "blocks.*.feedforward.up",
    "h.*.mlp.c_proj": "blocks.*.feedforward.down",
    "h.*": "blocks.*",
    "ln_f": "norm",
}


def gpt2_parts(config: Gpt2Config) -> Parts:
    """Make the parts of a GPT-2, with random weights; the head is the table of the words."""
    width, wide = config.d_model, 4 * config.d_model

    def block() -> nn.Module:
        feedforward = FeedForward(width, wide, activation=partial(gelu, approximate=True))
        norm = LayerNorm(width, config.eps)
        return Block(width, config.heads, wide, feedforward=feedforward, norm=norm)

    return Parts(
        tokens=Embedding(config.vocab, width),
        blocks=[block() for _ in range(config.layers)],
        norm=LayerNorm(width, config.eps),
        positions=LearnedPositions(config.max_seq, width),
    )


def gpt2(config: Gpt2Config) -> Gpt:
    """Make a GPT-2 with random weights."""
    return Gpt(*gpt2_parts(config))
