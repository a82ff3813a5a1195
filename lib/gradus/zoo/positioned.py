"""An encoder's first layer: word vectors with their positions added."""

from jaxtyping import Float, Int
from torch import Tensor, nn


class PositionedEmbedding(nn.Module):
    """Look up the words, then let `positions` add where they stand.

    `tokens` is often shared with a decoder: then both hold the same table.
    """

    def __init__(self, tokens: nn.Module, positions: nn.Module) -> None:
        """Keep the two parts."""
        super().__init__()
        self.tokens = tokens
        self.positions = positions

    def forward(self, ids: Int[Tensor, "batch seq"]) -> Float[Tensor, "batch seq d_model"]:
        """Return shape (batch, seq, d_model)."""
        return self.positions(self.tokens(ids))
