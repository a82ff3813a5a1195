"""A tiny GPT for tests: all sizes different, every weight drawn at unit scale."""

from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions

VOCAB, WIDTH, HEADS, D_FF, LAYERS, MAX_SEQ = 11, 6, 3, 10, 2, 9


def tiny_gpt(positions: bool = True) -> Gpt:
    """Return a model with or without learned positions."""
    return Gpt(
        Embedding(VOCAB, WIDTH),
        [Block(WIDTH, HEADS, D_FF) for _ in range(LAYERS)],
        LayerNorm(WIDTH),
        LearnedPositions(MAX_SEQ, WIDTH) if positions else None,
    )
