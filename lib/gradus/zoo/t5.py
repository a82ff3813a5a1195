"""T5: an encoder-decoder with RMSNorm, relative positions, and neither biases nor scaled scores.

Raffel et al. 2019, https://arxiv.org/abs/1910.10683. Version 1.1 has gated feed-forward layers and
a head of its own: Shazeer 2020, https://arxiv.org/abs/2002.05202
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gradus.activation import gelu
from gradus.block import Block
from gradus.decoder_block import DecoderBlock
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.encoder_decoder import EncoderDecoder
from gradus.feedforward import FeedForward
from gradus.gated import GatedFeedForward
from gradus.norm import RMSNorm
from gradus.t5_attention import RelativeBias, T5Attention
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import PairParts


@dataclass(frozen=True)
class T5Config:
    """The sizes of a T5; `gated` is version 1.1, with its gates, its own head and no last scaling.

    `heads` times `d_head` need not be d_model. Encoder and decoder have `layers` each, unless
    `decoder_layers` is given.
    """

    d_model: int
    layers: int
    heads: int
    d_ff: int
    d_head: int = 64
    decoder_layers: int | None = None
    vocab: int = 32_128
    buckets: int = 32
    max_distance: int = 128
    eps: float = 1e-6
    gated: bool = False


T5_SMALL = T5Config(512, 6, 8, 2048)
T5_BASE = T5Config(768, 12, 12, 3072)
T5_LARGE = T5Config(1024, 24, 16, 4096)
T5_3B = T5Config(1024, 24, 32, 16_384, d_head=128)
T5_11B = T5Config(1024, 24, 128, 65_536, d_head=128)
T5_V1_1_SMALL = T5Config(512, 8, 6, 1024, gated=True)
T5_V1_1_BASE = T5Config(768, 12, 12, 2048, gated=True)
T5_V1_1_LARGE = T5Config(1024, 24, 16, 2816, gated=True)

LINEAR = {"q": "query", "k": "key", "v": "value", "o": "out"}
FORWARD = {"wi": "up", "wo": "down", "wi_0": "gate", "wi_1": "up"}


def part_names(layer: str, theirs: str, part: str) -> dict[str, str]:
    """Name the weights of one part of a block, and the norm before it; parts have numbers there."""
    inside = FORWARD if theirs == "DenseReluDense" else LINEAR
    return {f"{layer}.{theirs}.{name}": f"{part}.{ours}" for name, ours in inside.items()} | {
        f"{layer}.layer_norm": f"{part}_norm"
    }


NAMES = (
    {
        "shared": "tokens",
        "encoder.embed_tokens": "tokens",
        "decoder.embed_tokens": "tokens",
        "encoder.final_layer_norm": "encoder.norm",
        "decoder.final_layer_norm": "norm",
        "lm_head": "head",
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias": (
            "encoder.blocks.0.attention.relative"
        ),
        "decoder.block.0.layer.0.SelfAttention.relative_attention_bias": (
            "blocks.0.attention.relative"
        ),
    }
    | part_names("encoder.block.*.layer.0", "SelfAttention", "encoder.blocks.*.attention")
    | part_names("encoder.block.*.layer.1", "DenseReluDense", "encoder.blocks.*.feedforward")
    | part_names("decoder.block.*.layer.0", "SelfAttention", "blocks.*.attention")
    | part_names("decoder.block.*.layer.1", "EncDecAttention", "blocks.*.cross")
    | part_names("decoder.block.*.layer.2", "DenseReluDense", "blocks.*.feedforward")
)
# A table for cross-attention that was published but is never used.
SKIPPED = ("decoder.block.*.layer.1.EncDecAttention.relative_attention_bias.weight",)


class ScaledTiedHead(nn.Module):
    """Logits from the table of the words, after a division by sqrt(d_model)."""

    def __init__(self, tokens: nn.Module) -> None:
        """Share the table."""
        super().__init__()
        self.tokens = tokens

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... vocab"]:
        """Return the logits of all tokens."""
        return x * x.shape[-1] ** -0.5 @ self.tokens.weight.mT


def t5_parts(config: T5Config) -> PairParts:
    """Make the parts of a T5, with random weights; encoder and decoder share the table of words."""
    width, heads, d_head, d_ff = config.d_model, config.heads, config.d_head, config.d_ff

    def table(bidirectional: bool) -> RelativeBias:
        return RelativeBias(heads, bidirectional, config.buckets, config.max_distance)

    def attention(relative: RelativeBias | None = None) -> T5Attention:
        return T5Attention(width, heads, d_head, relative)

    def feedforward() -> nn.Module:
        if config.gated:
            return GatedFeedForward(width, d_ff, partial(gelu, approximate=True))
        return FeedForward(width, d_ff, bias=False, activation=torch.relu)

    def norm() -> RMSNorm:
        return RMSNorm(width, config.eps)

    tokens = Embedding(config.vocab, width)
    both, back = table(bidirectional=True), table(bidirectional=False)
    encoder_blocks = [
        Block(width, heads, d_ff, attention=attention(both), feedforward=feedforward(), norm=norm())
        for _ in range(config.layers)
    ]
    decoder_blocks: list[nn.Module] = [
        DecoderBlock(
            width,
            heads,
            d_ff,
            attention=attention(back),
            cross=attention(),
            feedforward=feedforward(),
            norm=norm(),
        )
        for _ in range(config.decoder_layers or config.layers)
    ]
    own = nn.Linear(width, config.vocab, bias=False) if config.gated else ScaledTiedHead(tokens)
    encoder = Encoder(tokens, encoder_blocks, norm())
    return PairParts(encoder, tokens, decoder_blocks, norm=norm(), head=own)


def t5(config: T5Config) -> EncoderDecoder:
    """Make a T5 with random weights."""
    return EncoderDecoder(*t5_parts(config))


def load_t5(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into an `EncoderDecoder` of `t5_parts`.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    tied = isinstance(model.head, ScaledTiedHead)
    names = NAMES | ({"lm_head": "tokens"} if tied else {})
    load_weights(model, state, names, skipped=SKIPPED)
