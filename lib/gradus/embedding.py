"""Embedding: from the number of a token to a vector that can be learned.

Bengio et al. 2003, https://www.jmlr.org/papers/v3/bengio03a.html
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.ids import check_ids


class Embedding(nn.Module):
    """A table with one learned vector for every token of a vocabulary.

    `vocab` counts the tokens, `d_model` the numbers in a vector. The table is the parameter
    `weight`, of shape (vocab, d_model). `padding` may name one id that only fills up short texts.

    Raises ValueError when `padding` is not an id of the vocabulary.
    """

    def __init__(self, vocab: int, d_model: int, padding: int | None = None) -> None:
        """Start with random numbers of mean 0 and variance 1; the vector of `padding` is zeros."""
        super().__init__()
        if padding is not None and not 0 <= padding < vocab:
            raise ValueError(f"padding={padding} is no token: the ids go from 0 to {vocab - 1}")
        self.padding = padding
        self.weight = nn.Parameter(torch.randn(vocab, d_model))
        if padding is not None:
            nn.init.zeros_(self.weight[padding])

    def forward(self, ids: Int[Tensor, "*place"]) -> Float[Tensor, "*place d_model"]:
        """Return the row of `weight` for each id, as it is.

        The row of `padding` is looked up like any other, but no gradient reaches it: it is never
        learned.

        Raises TypeError when the ids are not whole numbers (booleans are not), and ValueError for
        ids that are negative or past the vocabulary.
        """
        if ids.is_floating_point() or ids.dtype == torch.bool:
            raise TypeError(f"ids count tokens, so they are whole numbers, not {ids.dtype}")
        check_ids(ids, len(self.weight))
        vectors = self.weight[ids.long()]
        if self.padding is None:
            return vectors
        return torch.where((ids == self.padding).unsqueeze(-1), vectors.detach(), vectors)
