"""The encoder: every position reads all the others, before it and behind it.

BERT: Devlin et al. 2018, section 3, https://arxiv.org/abs/1810.04805
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions


class BertEmbedding(nn.Module):
    """Where BERT begins: for each token its word, its place and its segment, added and normalised.

    The parts are called `tokens` (an `Embedding` of `vocab` rows), `positions` (`LearnedPositions`
    for `max_seq` places), `types` (an `Embedding` of `types` rows, one for each kind of segment)
    and `norm` (a `LayerNorm` with `eps`). All vectors have `d_model` numbers.
    """

    def __init__(
        self, vocab: int, d_model: int, max_seq: int, types: int = 2, eps: float = 1e-12
    ) -> None:
        """Make the four parts; all three tables start with mean 0 and standard deviation 0.02."""
        super().__init__()
        self.tokens = Embedding(vocab, d_model)
        self.positions = LearnedPositions(max_seq, d_model)
        self.types = Embedding(types, d_model)
        self.norm = LayerNorm(d_model, eps)
        for table in (self.tokens, self.types):
            nn.init.normal_(table.weight, std=0.02)

    def forward(
        self, ids: Int[Tensor, "batch seq"], types: Int[Tensor, "batch seq"] | None = None
    ) -> Float[Tensor, "batch seq d_model"]:
        """Return norm(token + position + type) for every token of every text.

        `types` tells which segment each token belongs to; without it, all are of type 0. Positions
        count from 0 to the end of the text, across all its segments.

        Raises ValueError when a text is longer than `max_seq`.
        """
        types = torch.zeros_like(ids) if types is None else types
        return self.norm(self.positions(self.tokens(ids)) + self.types(types))


class Encoder(nn.Module):
    """An embedding, and blocks on top of it in which every position may read every other.

    The parts are those that are given: `embedding`, `blocks` (in an `nn.ModuleList`) and `norm`,
    which may be None. Post-norm blocks, as BERT's, need no norm at the end; pre-norm blocks do.
    """

    def __init__(
        self, embedding: nn.Module, blocks: Sequence[nn.Module], norm: nn.Module | None = None
    ) -> None:
        """Keep the parts."""
        super().__init__()
        self.embedding = embedding
        self.blocks = nn.ModuleList(blocks)
        self.norm = norm

    def forward(
        self,
        ids: Int[Tensor, "batch seq"],
        padding: Bool[Tensor, "batch seq"] | None = None,
        types: Int[Tensor, "batch seq"] | None = None,
    ) -> Float[Tensor, "batch seq d_model"]:
        """Return the stream above the last block (and the norm, if there is one).

        `padding` is True at the real tokens of each text: nobody may read the others. It becomes
        the argument `mask` of every block, with shape (batch, 1, 1, key); without padding, `mask`
        is None. `types` is handed to the embedding, if it is given.
        """
        x = self.embedding(ids) if types is None else self.embedding(ids, types)
        mask = None if padding is None else padding[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask=mask)
        return x if self.norm is None else self.norm(x)
