"""The decoder's block: read what was written so far, read the source, then think.

Vaswani et al. 2017, section 3.1, https://arxiv.org/abs/1706.03762;
pre-norm: Xiong et al. 2020, https://arxiv.org/abs/2002.04745
"""

from copy import deepcopy

from jaxtyping import Bool, Float
from torch import Tensor, nn

from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache
from gradus.dropout import dropout
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm


class DecoderBlock(nn.Module):
    """A block with a third part in its middle: cross-attention, which reads a memory.

    The three parts are called `attention`, `cross` and `feedforward`, and each adds its output to
    the stream, in this order. They are two times `MultiHeadAttention(d_model, heads)` and
    `FeedForward(d_model, d_ff)`, unless other modules are given for them. The norms are called
    `attention_norm`, `cross_norm` and `feedforward_norm`: `LayerNorm(d_model)`, or copies of the
    `norm` that is given, one for each of the three places.

    With `pre_norm`, each part reads a normalised copy of the stream; without, the stream is
    normalised after each of the three additions. The memory is read as it is: no norm of this block
    touches it. In training, `dropout` is the probability with which numbers that are about to be
    added to the stream are dropped.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        d_ff: int,
        pre_norm: bool = True,
        dropout: float = 0.0,
        attention: nn.Module | None = None,
        cross: nn.Module | None = None,
        feedforward: nn.Module | None = None,
        norm: nn.Module | None = None,
    ) -> None:
        """Make the three parts and the three norms, or take those that are given."""
        super().__init__()
        self.pre_norm = pre_norm
        self.dropout = dropout
        self.attention = MultiHeadAttention(d_model, heads) if attention is None else attention
        self.cross = MultiHeadAttention(d_model, heads) if cross is None else cross
        self.feedforward = FeedForward(d_model, d_ff) if feedforward is None else feedforward
        self.attention_norm = LayerNorm(d_model) if norm is None else norm
        self.cross_norm = deepcopy(self.attention_norm)
        self.feedforward_norm = deepcopy(self.attention_norm)

    def forward(
        self,
        x: Float[Tensor, "batch seq d_model"],
        memory: Float[Tensor, "batch source d_model"],
        mask: Bool[Tensor, "*mask #seq key"] | None = None,
        memory_mask: Bool[Tensor, "*memory_mask #seq source"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch seq d_model"]:
        """Run the stream x through the block.

        `mask` and `cache` are handed to the self-attention, `memory` and `memory_mask` to the
        cross-attention. Masks are True where a query may read a key.
        """

        def thin(change: Tensor) -> Tensor:
            return dropout(change, self.dropout, self.training)

        if self.pre_norm:
            x = x + thin(self.attention(self.attention_norm(x), mask=mask, cache=cache))
            x = x + thin(self.cross(self.cross_norm(x), memory, mask=memory_mask))
            return x + thin(self.feedforward(self.feedforward_norm(x)))
        x = self.attention_norm(x + thin(self.attention(x, mask=mask, cache=cache)))
        x = self.cross_norm(x + thin(self.cross(x, memory, mask=memory_mask)))
        return self.feedforward_norm(x + thin(self.feedforward(x)))
