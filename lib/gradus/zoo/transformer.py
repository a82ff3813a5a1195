"""The first Transformer: post-norm blocks, waves for positions, and one table for all words.

Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.attention import MultiHeadAttention
from gradus.block import Block
from gradus.decoder_block import DecoderBlock
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.encoder_decoder import EncoderDecoder
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm
from gradus.position import sinusoidal_positions
from gradus.zoo.bart import PAIR_NAMES, SKIPPED, refuse_bias
from gradus.zoo.loading import load_weights
from gradus.zoo.names import matches
from gradus.zoo.parts import PairParts
from gradus.zoo.positioned import PositionedEmbedding


@dataclass(frozen=True)
class TransformerConfig:
    """The sizes of a Transformer; the paper's vocabulary has "about 37000" tokens.

    `attention_bias` gives the projections of the attention biases, which the paper's formulas do
    not have.
    """

    d_model: int
    layers: int
    heads: int
    d_ff: int
    decoder_layers: int | None = None
    vocab: int = 37_000
    attention_bias: bool = False
    eps: float = 1e-5


TRANSFORMER_BASE = TransformerConfig(512, 6, 8, 2048)
TRANSFORMER_BIG = TransformerConfig(1024, 6, 16, 4096)

# The names of the Marian models, the nearest to the paper among those that are published.
NAMES = PAIR_NAMES
WAVES = ("encoder.embed_positions.weight", "decoder.embed_positions.weight")


class ScaledEmbedding(Embedding):
    """An embedding whose vectors are multiplied by sqrt(d_model) before they enter the stream."""

    def forward(self, ids: Int[Tensor, "*place"]) -> Float[Tensor, "*place d_model"]:
        """Look the vectors up and make them longer."""
        return super().forward(ids) * self.weight.shape[-1] ** 0.5


class SinusoidalPositions(nn.Module):
    """`sinusoidal_positions`, added to the vectors of the words; nothing is learned."""

    def forward(
        self, x: Float[Tensor, "... seq d_model"], offset: int = 0
    ) -> Float[Tensor, "... seq d_model"]:
        """Add the waves; the first vector of x stands at position `offset`."""
        return x + sinusoidal_positions(offset + x.shape[-2], x.shape[-1])[offset:].to(x)


def transformer_parts(config: TransformerConfig) -> PairParts:
    """Make the parts of a Transformer, with random weights."""
    width, d_ff = config.d_model, config.d_ff

    def attention() -> MultiHeadAttention:
        return MultiHeadAttention(width, config.heads, bias=config.attention_bias)

    def feedforward() -> FeedForward:
        return FeedForward(width, d_ff, activation=torch.relu)

    tokens = ScaledEmbedding(config.vocab, width)
    encoder_blocks = [
        Block(
            width,
            config.heads,
            d_ff,
            pre_norm=False,
            attention=attention(),
            feedforward=feedforward(),
            norm=LayerNorm(width, config.eps),
        )
        for _ in range(config.layers)
    ]
    decoder_blocks: list[nn.Module] = [
        DecoderBlock(
            width,
            config.heads,
            d_ff,
            pre_norm=False,
            attention=attention(),
            cross=attention(),
            feedforward=feedforward(),
            norm=LayerNorm(width, config.eps),
        )
        for _ in range(config.decoder_layers or config.layers)
    ]
    encoder = Encoder(PositionedEmbedding(tokens, SinusoidalPositions()), encoder_blocks)
    return PairParts(encoder, tokens, decoder_blocks, positions=SinusoidalPositions())


def transformer(config: TransformerConfig) -> EncoderDecoder:
    """Make a Transformer with random weights."""
    return EncoderDecoder(*transformer_parts(config))


def load_transformer(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy weights with Marian's names into an `EncoderDecoder` of `transformer_parts`.

    Raises ValueError for weights that do not fit (see `load_weights`), and for those trained with
    other waves: the published Marian models have all sines first, then all cosines.
    """
    refuse_bias(state)
    for name, table in state.items():
        if matches(name.removeprefix("model."), WAVES):
            waves = sinusoidal_positions(*table.shape).to(table)
            if not torch.allclose(table, waves, atol=1e-4):
                raise ValueError(f"{name} holds other waves than those of `sinusoidal_positions`")
    load_weights(model, state, NAMES, prefix="model.", skipped=(*SKIPPED, *WAVES))
