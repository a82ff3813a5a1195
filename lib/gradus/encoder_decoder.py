"""The encoder-decoder: one half reads the whole source, the other writes, looking back at it.

Vaswani et al. 2017, section 3, https://arxiv.org/abs/1706.03762
"""

from collections.abc import Sequence

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.cache import KVCache
from gradus.mask import causal_mask, combine_masks


class EncoderDecoder(nn.Module):
    """An encoder and a decoder whose blocks read the encoder's output, the memory.

    The parts are attributes of the same names. `encoder(ids, padding)` gives the memory. `tokens`
    is the decoder's embedding and has a table `weight`; `positions`, if there is one, is called
    `positions(x, offset)`. `blocks` are called `block(x, memory, mask=..., memory_mask=...,
    cache=...)`, and `norm`, if there is one, comes after the last. `head` makes the logits; without
    one, the table of `tokens` does, transposed: a token's logit is how well the vector fits its
    own.
    """

    def __init__(
        self,
        encoder: nn.Module,
        tokens: nn.Module,
        blocks: Sequence[nn.Module],
        norm: nn.Module | None = None,
        positions: nn.Module | None = None,
        head: nn.Module | None = None,
    ) -> None:
        """Take the parts."""
        super().__init__()
        self.encoder = encoder
        self.tokens = tokens
        self.blocks = nn.ModuleList(blocks)
        self.norm = norm
        self.positions = positions
        self.head = head

    def encode(
        self, ids: Int[Tensor, "batch source"], padding: Bool[Tensor, "batch source"] | None = None
    ) -> Float[Tensor, "batch source d_model"]:
        """Read the source and return the memory. `padding` is True at the real tokens."""
        return self.encoder(ids, padding)

    def decode(
        self,
        ids: Int[Tensor, "batch seq"],
        memory: Float[Tensor, "batch source d_model"],
        memory_padding: Bool[Tensor, "batch source"] | None = None,
        padding: Bool[Tensor, "batch key"] | None = None,
        caches: Sequence[KVCache] | None = None,
    ) -> Float[Tensor, "batch seq vocab"]:
        """Return the logits of the token after each of `ids`.

        A position reads the decoder's positions up to itself, and all of the memory; neither reads
        padding. With `caches`, one for each block, `ids` are the new tokens only: their positions
        follow those in the caches, and `padding` covers old and new.
        """
        past = 0 if caches is None else len(caches[0])
        x = self.tokens(ids)
        if self.positions is not None:
            x = self.positions(x, past)
        seq = ids.shape[1]
        mask: Tensor = causal_mask(seq, past + seq, device=ids.device)
        if padding is not None:
            mask = combine_masks(mask, padding)
        memory_mask = None if memory_padding is None else memory_padding[:, None, None, :]
        for i, block in enumerate(self.blocks):
            cache = None if caches is None else caches[i]
            x = block(x, memory, mask=mask, memory_mask=memory_mask, cache=cache)
        if self.norm is not None:
            x = self.norm(x)
        return x @ self.tokens.weight.mT if self.head is None else self.head(x)

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch seq"],
        source_padding: Bool[Tensor, "batch source"] | None = None,
        target_padding: Bool[Tensor, "batch seq"] | None = None,
    ) -> Float[Tensor, "batch seq vocab"]:
        """Read the source, and return the logits of the token after each of `target`.

        `target` are the decoder's inputs: the labels, shifted to the right.
        """
        memory = self.encode(source, source_padding)
        return self.decode(target, memory, source_padding, target_padding)
