"""RoBERTa: BERT trained longer, with one type of segment, and positions that count real tokens.

Liu et al. 2019, https://arxiv.org/abs/1907.11692
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.encoder import BertEmbedding, Encoder
from gradus.masked_lm import MlmHead
from gradus.zoo.bert import INSIDE, NAMES, POOLED_NAMES, SKIPPED, post_norm_blocks
from gradus.zoo.encoder_heads import MaskedLm, PooledEncoder
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import EncoderParts


@dataclass(frozen=True)
class RobertaConfig:
    """The sizes of a RoBERTa; `max_seq` rows of positions, of which texts use all but pad + 1."""

    d_model: int
    layers: int
    heads: int
    vocab: int = 50_265
    max_seq: int = 514
    types: int = 1
    pad: int = 1
    eps: float = 1e-5


ROBERTA_BASE = RobertaConfig(768, 12, 12)
ROBERTA_LARGE = RobertaConfig(1024, 24, 16)

MLM_NAMES = INSIDE | {
    "lm_head.dense": "head.dense",
    "lm_head.layer_norm": "head.norm",
    "lm_head.bias": "head.bias",
    "lm_head.decoder.weight": "head.embedding.weight",
    "lm_head.decoder.bias": "head.bias",
}


class RobertaEmbedding(BertEmbedding):
    """`BertEmbedding` whose positions begin at pad + 1 and count the real tokens only.

    A token is real if its id is not `pad`. Every `pad` stands at position `pad`.
    """

    def __init__(
        self, vocab: int, d_model: int, max_seq: int, types: int, pad: int, eps: float
    ) -> None:
        """Make the parts of a `BertEmbedding`."""
        super().__init__(vocab, d_model, max_seq, types, eps)
        self.pad = pad

    def forward(
        self, ids: Int[Tensor, "batch seq"], types: Int[Tensor, "batch seq"] | None = None
    ) -> Float[Tensor, "batch seq d_model"]:
        """Return norm(token + position + type) for every token of every text.

        Raises ValueError when a text is longer than the table of positions allows.
        """
        longest = len(self.positions.weight) - self.pad - 1
        if ids.shape[-1] > longest:
            raise ValueError(f"texts of {ids.shape[-1]} tokens: at most {longest} have positions")
        types = torch.zeros_like(ids) if types is None else types
        real = ids != self.pad
        places = real.cumsum(dim=-1) * real + self.pad
        return self.norm(self.tokens(ids) + self.positions.weight[places] + self.types(types))


def roberta_parts(config: RobertaConfig) -> EncoderParts:
    """Make the parts of a RoBERTa, with random weights."""
    width, eps = config.d_model, config.eps
    return EncoderParts(
        RobertaEmbedding(config.vocab, width, config.max_seq, config.types, config.pad, eps),
        post_norm_blocks(width, config.layers, config.heads, 4 * width, eps),
    )


def roberta(config: RobertaConfig) -> Encoder:
    """Make a RoBERTa without anything on top, with random weights."""
    return Encoder(*roberta_parts(config))


def roberta_pooled(config: RobertaConfig) -> PooledEncoder:
    """Make a RoBERTa with the layer that makes one vector of a text."""
    return PooledEncoder(roberta(config), config.d_model)


def roberta_mlm(config: RobertaConfig) -> MaskedLm:
    """Make a RoBERTa that fills gaps."""
    encoder = roberta(config)
    return MaskedLm(encoder, MlmHead(encoder.get_submodule("embedding.tokens"), config.eps))


def load_roberta(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into an `Encoder`; those of layers on top of it are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    skipped = (*SKIPPED, "pooler.*", "lm_head.*")
    load_weights(model, state, NAMES, prefix="roberta.", skipped=skipped)


def load_roberta_pooled(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into a `PooledEncoder`; those of a head for words are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    load_weights(model, state, POOLED_NAMES, prefix="roberta.", skipped=(*SKIPPED, "lm_head.*"))


def load_roberta_mlm(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into a `MaskedLm`; those of the pooler are left out.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    load_weights(model, state, MLM_NAMES, prefix="roberta.", skipped=(*SKIPPED, "pooler.*"))
