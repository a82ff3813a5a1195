"""Fine-tuning: a trained encoder, and one small new layer on top that answers another question.

Devlin et al. 2018, section 4 and figure 4, https://arxiv.org/abs/1810.04805
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.dropout import dropout


class TokenClassifier(nn.Module):
    """Gives every token of a text a score for each of several labels.

    The parts are `encoder` (as given) and `out`, an `nn.Linear` from `d_model` numbers to `labels`
    scores. In training, the encoder's output is thinned by `dropout` before `out` reads it.
    """

    def __init__(self, encoder: nn.Module, d_model: int, labels: int, dropout: float = 0.0) -> None:
        """Keep the encoder and make the new layer."""
        super().__init__()
        self.encoder = encoder
        self.dropout = dropout
        self.out = nn.Linear(d_model, labels)

    def forward(
        self, ids: Int[Tensor, "batch seq"], padding: Bool[Tensor, "batch seq"] | None = None
    ) -> Float[Tensor, "batch seq labels"]:
        """Return the logits of all labels for every token.

        The encoder is called with `ids` and `padding`. It learns together with the new layer.
        """
        x = self.encoder(ids, padding)
        return self.out(dropout(x, self.dropout, self.training))
