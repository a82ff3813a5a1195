"""Attention that fades with distance: what BLOOM does instead of giving words a position.

Press et al. 2021, https://arxiv.org/abs/2108.12409
"""

from jaxtyping import Bool, Float
from torch import Tensor

from gradus.attention import MultiHeadAttention
from gradus.biased import biased_attend, past_positions, relative_positions
from gradus.cache import KVCache
from gradus.heads import merge_heads, split_heads
from gradus.relative import alibi_slopes


class AlibiAttention(MultiHeadAttention):
    """`MultiHeadAttention` that takes slope times distance off each score, a slope for each head.

    It is meant for causal masks: keys after a query would gain with distance. Padding before a text
    changes nothing as long as the mask hides it, since only distances count.
    """

    def forward(
        self,
        x: Float[Tensor, "batch query d_model"],
        memory: Float[Tensor, "batch key d_model"] | None = None,
        mask: Bool[Tensor, "*mask #query key"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "batch query d_model"]:
        """Let the positions of x read each other, near ones more easily than far ones.

        Raises ValueError when memory is given, or when key and value heads are fewer than heads.
        """
        if memory is not None:
            raise ValueError("ALiBi is for self-attention: call it without memory")
        if self.kv_heads != self.heads:
            raise ValueError(f"ALiBi needs kv_heads={self.kv_heads} to be heads={self.heads}")
        past = past_positions(cache)
        q, k, v = (split_heads(part(x), self.heads) for part in (self.query, self.key, self.value))
        if cache is not None:
            k, v = cache.update(k, v)
        slopes = alibi_slopes(self.heads).to(x)
        bias = slopes[:, None, None] * relative_positions(x.shape[1], past, x.device)
        return self.out(merge_heads(biased_attend(q, k, v, bias, mask, q.shape[-1] ** -0.5)))
