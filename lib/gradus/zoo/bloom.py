"""BLOOM: a decoder with ALiBi in place of positions, and a norm right behind the word vectors.

BigScience 2022, https://arxiv.org/abs/2211.05100
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.activation import gelu
from gradus.alibi import AlibiAttention
from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import Parts


@dataclass(frozen=True)
class BloomConfig:
    """The sizes of a BLOOM; the feed-forward layers are four times as wide as the stream.

    The table has more rows than the vocabulary's 250,680 tokens, so that GPUs can share it evenly.
    """

    d_model: int
    layers: int
    heads: int
    vocab: int = 250_880
    eps: float = 1e-5


BLOOM_560M = BloomConfig(1024, 24, 16)
BLOOM_1B1 = BloomConfig(1536, 24, 16)
BLOOM_1B7 = BloomConfig(2048, 24, 16)
BLOOM_3B = BloomConfig(2560, 30, 32)
BLOOM_7B1 = BloomConfig(4096, 30, 32)
BLOOM_176B = BloomConfig(14_336, 70, 112)

NAMES = {
    "word_embeddings": "tokens",
    "word_embeddings_layernorm": "tokens.norm",
    "h.*.input_layernorm": "blocks.*.attention_norm",
    "h.*.self_attention.query": "blocks.*.attention.query",
    "h.*.self_attention.key": "blocks.*.attention.key",
    "h.*.self_attention.value": "blocks.*.attention.value",
    "h.*.self_attention.dense": "blocks.*.attention.out",
    "h.*.post_attention_layernorm": "blocks.*.feedforward_norm",
    "h.*.mlp.dense_h_to_4h": "blocks.*.feedforward.up",
    "h.*.mlp.dense_4h_to_h": "blocks.*.feedforward.down",
    "ln_f": "norm",
    "lm_head": "tokens",
}


class NormedEmbedding(Embedding):
    """An embedding whose vectors are normalised by `norm` before they enter the stream.

    The head that shares the table uses it as it is.
    """

    def __init__(self, vocab: int, d_model: int, eps: float = 1e-5) -> None:
        """Make the table and the norm."""
        super().__init__(vocab, d_model)
        self.norm = LayerNorm(d_model, eps)

    def forward(self, ids: Int[Tensor, "*place"]) -> Float[Tensor, "*place d_model"]:
        """Look the vectors up, and normalise each."""
        return self.norm(super().forward(ids))


def bloom_parts(config: BloomConfig) -> Parts:
    """Make the parts of a BLOOM, with random weights; the head is the table of the words."""
    width, wide = config.d_model, 4 * config.d_model

    def block() -> Block:
        return Block(
            width,
            config.heads,
            wide,
            attention=AlibiAttention(width, config.heads),
            feedforward=FeedForward(width, wide, activation=partial(gelu, approximate=True)),
            norm=LayerNorm(width, config.eps),
        )

    return Parts(
        tokens=NormedEmbedding(config.vocab, width, config.eps),
        blocks=[block() for _ in range(config.layers)],
        norm=LayerNorm(width, config.eps),
    )


def bloom(config: BloomConfig) -> Gpt:
    """Make a BLOOM with random weights."""
    return Gpt(*bloom_parts(config))


def split_fused(state: Mapping[str, Tensor], heads: int) -> dict[str, Tensor]:
    """Cut the fused projections into query, key and value: their rows are (head, part, d_head)."""
    split = {}
    for name, tensor in state.items():
        before, fused, leaf = name.partition("query_key_value")
        if not fused:
            split[name] = tensor
            continue
        parts = rearrange(tensor, "(heads part d) ... -> part (heads d) ...", heads=heads, part=3)
        for part, own in zip(("query", "key", "value"), parts, strict=True):
            split[f"{before}{part}{leaf}"] = own
    return split


def load_bloom(model: nn.Module, state: Mapping[str, Tensor], config: BloomConfig) -> None:
    """Copy published weights into a `Gpt` of `bloom_parts(config)`.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    load_weights(model, split_fused(state, config.heads), NAMES, prefix="transformer.")
