"""BERT: an encoder that learned to fill gaps. MiniLM is a small one, taught by a large one.

Devlin et al. 2018, https://arxiv.org/abs/1810.04805; Wang et al. 2020,
https://arxiv.org/abs/2002.10957
"""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from gradus.block import Block
from gradus.encoder import BertEmbedding, Encoder
from gradus.masked_lm import MlmHead
from gradus.norm import LayerNorm
from gradus.zoo.encoder_heads import MaskedLm, PooledEncoder
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import EncoderParts


@dataclass(frozen=True)
class BertConfig:
    """The sizes of a BERT; feed-forward layers are four times as wide as the stream."""

    d_model: int
    layers: int
    heads: int
    vocab: int = 30_522
    max_seq: int = 512
    types: int = 2
    eps: float = 1e-12


BERT_BASE_UNCASED = BertConfig(768, 12, 12)
BERT_BASE_CASED = BertConfig(768, 12, 12, vocab=28_996)
BERT_LARGE_UNCASED = BertConfig(1024, 24, 16)
MINILM_L6 = BertConfig(384, 6, 12)

NAMES = {
    "embeddings.word_embeddings": "embedding.tokens",
    "embeddings.position_embeddings": "embedding.positions",
    "embeddings.token_type_embeddings": "embedding.types",
    "embeddings.LayerNorm": "embedding.norm",
    "encoder.layer.*.attention.self.query": "blocks.*.attention.query",
    "encoder.layer.*.attention.self.key": "blocks.*.attention.key",
    "encoder.layer.*.attention.self.value": "blocks.*.attention.value",
    "encoder.layer.*.attention.output.dense": "blocks.*.attention.out",
    "encoder.layer.*.attention.output.LayerNorm": "blocks.*.attention_norm",
    "encoder.layer.*.intermediate.dense": "blocks.*.feedforward.up",
    "encoder.layer.*.output.dense": "blocks.*.feedforward.down",
    "encoder.layer.*.output.LayerNorm": "blocks.*.feedforward_norm",
}
INSIDE = {published: f"encoder.{ours}" for published, ours in NAMES.items()}
POOLED_NAMES = INSIDE | {"pooler.dense": "pooler"}
MLM_NAMES = INSIDE | {
    "cls.predictions.transform.dense": "head.dense",
    "cls.predictions.transform.LayerNorm": "head.norm",
    "cls.predictions.bias": "head.bias",
    "cls.predictions.decoder.weight": "head.embedding.weight",
    "cls.predictions.decoder.bias": "head.bias",
}
# The numbers 0, 1, 2 ..., which old files hold too.
SKIPPED = ("embeddings.position_ids",)


def post_norm_blocks(
    d_model: int, layers: int, heads: int, d_ff: int, eps: float
) -> list[nn.Module]:
    """Make the blocks of a BERT or a RoBERTa."""
    return [
        Block(d_model, heads, d_ff, pre_norm=False, norm=LayerNorm(d_model, eps))
        for _ in range(layers)
    ]


def bert_parts(config: BertConfig) -> EncoderParts:
    """Make the parts of a BERT, with random weights; post-norm blocks need no norm at the end."""
    width, eps = config.d_model, config.eps
    return EncoderParts(
        BertEmbedding(config.vocab, width, config.max_seq, config.types, eps),
        post_norm_blocks(width, config.layers, config.heads, 4 * width, eps),
    )


def bert(config: BertConfig) -> Encoder:
    """Make a BERT without anything on top, with random weights."""
    return Encoder(*bert_parts(config))


def bert_pooled(config: BertConfig) -> PooledEncoder:
    """Make a BERT with the layer that makes one vector of a text."""
    return PooledEncoder(bert(config), config.d_model)


def bert_mlm(config: BertConfig) -> MaskedLm:
    """Make a BERT that fills gaps."""
    encoder = bert(config)
    return MaskedLm(encoder, MlmHead(encoder.get_submodule("embedding.tokens"), config.eps))


def load_bert(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into an `Encoder`; those of layers on top of it are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    load_weights(model, state, NAMES, prefix="bert.", skipped=(*SKIPPED, "pooler.*", "cls.*"))


def load_bert_pooled(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into a `PooledEncoder`; those of a head for words are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    load_weights(model, state, POOLED_NAMES, prefix="bert.", skipped=(*SKIPPED, "cls.*"))


def load_bert_mlm(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into a `MaskedLm`; those of the pooler and what used it are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    skipped = (*SKIPPED, "pooler.*", "cls.seq_relationship.*")
    load_weights(model, state, MLM_NAMES, prefix="bert.", skipped=skipped)
