"""The decoder: blocks that read only what came before, and scores for the token that comes next.

Radford et al. 2019 (GPT-2), section 2.3:
https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from collections.abc import Sequence

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.cache import KVCache
from gradus.mask import causal_mask, combine_masks
from gradus.placing import place


class Gpt(nn.Module):
    """A decoder-only language model, put together from parts that are given.

    The parts keep the names of the arguments: `tokens` (an `Embedding`), `blocks` (kept as an
    `nn.ModuleList`), `norm`, and, where given, `positions` and `head`. Positions are for models
    that add them to the vectors of the words; where the attention knows positions by itself, there
    are none. A model without a `head` compares the stream with the embedding of every token.
    """

    def __init__(
        self,
        tokens: nn.Module,
        blocks: Sequence[nn.Module],
        norm: nn.Module,
        positions: nn.Module | None = None,
        head: nn.Module | None = None,
    ) -> None:
        """Keep the parts."""
        super().__init__()
        self.tokens = tokens
        self.positions = positions
        self.blocks = nn.ModuleList(blocks)
        self.norm = norm
        self.head = head

    def forward(
        self,
        ids: Int[Tensor, "batch seq"],
        padding: Bool[Tensor, "batch key"] | None = None,
        caches: Sequence[KVCache] | None = None,
    ) -> Float[Tensor, "batch seq vocab"]:
        """Return, at every position, a score (logit) for each token that may come next.

        1. Look the tokens up. With positions, hand the vectors, the number of tokens that the
           caches hold already and the padding to `place`.
        2. Send the stream through the blocks, each called as `block(x, mask=mask, cache=cache)`. A
           token reads itself and what came before, padding excepted. Block i gets cache i.
        3. Apply the norm, then the head. Without a head, a token's score is the dot product of the
           stream and the token's row in `tokens.weight`.

        `padding` is True at the real tokens. `caches` holds one cache for each block; ids are then
        the tokens that are new, and padding covers those in the caches as well as the new ones.
        """
        past = len(caches[0]) if caches else 0
        x = self.tokens(ids)
        if self.positions is not None:
            x = place(self.positions, x, past, padding)
        seq = ids.shape[-1]
        mask = causal_mask(seq, past + seq, device=ids.device)
        if padding is not None:
            mask = combine_masks(mask, padding)
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, cache=caches[i] if caches else None)
        x = self.norm(x)
        return x @ self.tokens.weight.T if self.head is None else self.head(x)
