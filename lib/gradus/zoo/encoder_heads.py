"""What published encoders carry on top: scores for hidden words, or one vector for a text.

Devlin et al. 2018, section 3.1, https://arxiv.org/abs/1810.04805
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.masked_lm import MlmHead


class MaskedLm(nn.Module):
    """An `encoder` and a `head` that scores every word for every place."""

    def __init__(self, encoder: nn.Module, head: MlmHead) -> None:
        """Keep the two; the head shares the encoder's table of words."""
        super().__init__()
        self.encoder = encoder
        self.head = head

    def forward(
        self,
        ids: Int[Tensor, "batch seq"],
        padding: Bool[Tensor, "batch seq"] | None = None,
        types: Int[Tensor, "batch seq"] | None = None,
    ) -> Float[Tensor, "batch seq vocab"]:
        """Return the logits of every word at every place."""
        return self.head(self.encoder(ids, padding, types))


class PooledEncoder(nn.Module):
    """An `encoder`, and a layer `pooler` that makes one vector of the text's first position."""

    def __init__(self, encoder: nn.Module, d_model: int) -> None:
        """Keep the encoder and make the layer."""
        super().__init__()
        self.encoder = encoder
        self.pooler = nn.Linear(d_model, d_model)

    def forward(
        self,
        ids: Int[Tensor, "batch seq"],
        padding: Bool[Tensor, "batch seq"] | None = None,
        types: Int[Tensor, "batch seq"] | None = None,
    ) -> Float[Tensor, "batch d_model"]:
        """Return tanh(pooler(first position)), shape (batch, d_model)."""
        return self.pooler(self.encoder(ids, padding, types)[:, 0]).tanh()
