"""BART: an encoder-decoder that learned to repair broken texts; BERT's blocks on both sides.

Lewis et al. 2019, https://arxiv.org/abs/1910.13461
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn

from gradus.block import Block
from gradus.decoder_block import DecoderBlock
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.encoder_decoder import EncoderDecoder
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import PairParts
from gradus.zoo.positioned import PositionedEmbedding


@dataclass(frozen=True)
class BartConfig:
    """The sizes of a BART; encoder and decoder have `layers` each, unless told otherwise."""

    d_model: int
    layers: int
    heads: int
    d_ff: int
    decoder_layers: int | None = None
    vocab: int = 50_265
    max_seq: int = 1024
    eps: float = 1e-5


BART_BASE = BartConfig(768, 6, 12, 3072)
BART_LARGE = BartConfig(1024, 12, 16, 4096)

# What encoder and decoder blocks have in common, here and in the names of the Marian models.
BLOCK_NAMES = {
    "self_attn.q_proj": "attention.query",
    "self_attn.k_proj": "attention.key",
    "self_attn.v_proj": "attention.value",
    "self_attn.out_proj": "attention.out",
    "self_attn_layer_norm": "attention_norm",
    "fc1": "feedforward.up",
    "fc2": "feedforward.down",
    "final_layer_norm": "feedforward_norm",
}
CROSS_NAMES = {
    "encoder_attn.q_proj": "cross.query",
    "encoder_attn.k_proj": "cross.key",
    "encoder_attn.v_proj": "cross.value",
    "encoder_attn.out_proj": "cross.out",
    "encoder_attn_layer_norm": "cross_norm",
}
PAIR_NAMES = (
    {
        "shared": "tokens",
        "encoder.embed_tokens": "tokens",
        "decoder.embed_tokens": "tokens",
        "lm_head": "tokens",
    }
    | {f"encoder.layers.*.{theirs}": f"encoder.blocks.*.{o}" for theirs, o in BLOCK_NAMES.items()}
    | {f"decoder.layers.*.{theirs}": f"blocks.*.{o}" for theirs, o in BLOCK_NAMES.items()}
    | {f"decoder.layers.*.{theirs}": f"blocks.*.{o}" for theirs, o in CROSS_NAMES.items()}
)
NAMES = PAIR_NAMES | {
    "encoder.embed_positions": "encoder.embedding.positions",
    "encoder.layernorm_embedding": "encoder.embedding.positions.norm",
    "decoder.embed_positions": "positions",
    "decoder.layernorm_embedding": "positions.norm",
}
# Always zeros.
SKIPPED = ("final_logits_bias",)


class BartPositions(LearnedPositions):
    """`LearnedPositions` whose first two rows are never used, and a `norm` behind the sum.

    Position 0 is row 2. (Rows 0 and 1 were meant for padding, which has positions like any token.)
    """

    def __init__(self, max_seq: int, d_model: int, eps: float = 1e-5) -> None:
        """Make a table for max_seq positions, with max_seq + 2 rows, and the norm."""
        super().__init__(max_seq + 2, d_model)
        self.norm = LayerNorm(d_model, eps)

    def forward(
        self, x: Float[Tensor, "... seq d_model"], offset: int = 0
    ) -> Float[Tensor, "... seq d_model"]:
        """Add to each vector of x the vector of its position, and normalise."""
        return self.norm(super().forward(x, offset + 2))


def refuse_bias(state: Mapping[str, Tensor]) -> None:
    """Raise ValueError when weights hold a bias of the logits that is not zero: we have none."""
    bias = state.get("final_logits_bias")
    if bias is not None and bias.any():
        raise ValueError("final_logits_bias is not zero, and this model has no place for it")


def bart_parts(config: BartConfig) -> PairParts:
    """Make the parts of a BART, with random weights; all three tables of words are one."""
    width, heads, d_ff, eps = config.d_model, config.heads, config.d_ff, config.eps
    tokens = Embedding(config.vocab, width)
    encoder = Encoder(
        PositionedEmbedding(tokens, BartPositions(config.max_seq, width, eps)),
        [
            Block(width, heads, d_ff, pre_norm=False, norm=LayerNorm(width, eps))
            for _ in range(config.layers)
        ],
    )
    blocks: list[nn.Module] = [
        DecoderBlock(width, heads, d_ff, pre_norm=False, norm=LayerNorm(width, eps))
        for _ in range(config.decoder_layers or config.layers)
    ]
    return PairParts(encoder, tokens, blocks, positions=BartPositions(config.max_seq, width, eps))


def bart(config: BartConfig) -> EncoderDecoder:
    """Make a BART with random weights."""
    return EncoderDecoder(*bart_parts(config))


def load_bart(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into an `EncoderDecoder` of `bart_parts`.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    refuse_bias(state)
    load_weights(model, state, NAMES, prefix="model.", skipped=SKIPPED)
