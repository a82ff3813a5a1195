"""The transformer block: attention, then a feed-forward layer, each added to the stream.

Post-norm: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762;
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


class Block(nn.Module):
    """Attention lets positions read each other; a feed-forward layer works on each by itself.

    Each of the two adds its output to the stream that it read. The parts are called `attention`,
    `feedforward`, `attention_norm` and `feedforward_norm`. They are
    `MultiHeadAttention(d_model, heads)`, `FeedForward(d_model, d_ff)` and two times
    `LayerNorm(d_model)`, unless other modules are given for them; of a `norm` that is given, each
    of the two places gets a copy of its own.

    With `pre_norm`, attention and feed-forward read a normalised copy of the stream, and the stream
    itself is never normalised. Without, the stream is normalised after each of the two additions.
    In training, `dropout` is the probability with which numbers that are about to be added to the
    stream are dropped.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        d_ff: int,
        pre_norm: bool = True,
        dropout: float = 0.0,
        attention: nn.Module | None = None,
        feedforward: nn.Module | None = None,
        norm: nn.Module | None = None,
    ) -> None:
        """Make the four parts, or take those that are given."""
        super().__init__()
        self.pre_norm = pre_norm
        self.dropout = dropout
        self.attention = MultiHeadAttention(d_model, heads) if attention is None else attention
        self.feedforward = FeedForward(d_model, d_ff) if feedforward is None else feedforward
        self.attention_norm = LayerNorm(d_model) if norm is None else norm
        self.feedforward_norm = deepcopy(self.attention_norm)

    def forward(
        self,
        x: Float[Tensor, "batch seq d_model"],
        mask: Bool[Tensor, "*mask #seq key"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch seq d_model"]:
        """Run the stream through the block; `mask` and `cache` are handed to the attention."""

        def thin(change: Tensor) -> Tensor:
            return dropout(change, self.dropout, self.training)

        if self.pre_norm:
            x = x + thin(self.attention(self.attention_norm(x), mask=mask, cache=cache))
            return x + thin(self.feedforward(self.feedforward_norm(x)))
        x = self.attention_norm(x + thin(self.attention(x, mask=mask, cache=cache)))
        return self.feedforward_norm(x + thin(self.feedforward(x)))
