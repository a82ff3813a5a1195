"""Blocks that know from the start who is near: to train encoders in seconds, not in days.

BERT finds out by itself that neighbours matter, from billions of words. Here every head has a
number for each distance, as in T5, and starts with strong likings of its own.

Raffel et al. 2019, section 2.1, https://arxiv.org/abs/1910.10683
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from gradus.block import Block
from gradus.heads import split_heads
from gradus.t5_attention import RelativeBias, T5Attention

BUCKETS, FARTHEST = 16, 32
LIKING = 2.0  # spread of the numbers that heads start with: a score of 2 weighs 7 times as much


def nearby_blocks(
    d_model: int, heads: int, layers: int, generator: Generator | None = None
) -> list[Block]:
    """Return pre-norm blocks whose heads prefer certain distances, with starting weights."""
    blocks = []
    for _ in range(layers):
        relative = RelativeBias(heads, True, BUCKETS, FARTHEST)
        nn.init.normal_(relative.weight, std=LIKING, generator=generator)
        attention = T5Attention(d_model, heads, d_model // heads, relative)
        block = Block(d_model, heads, 2 * d_model, attention=attention)
        for name, module in block.named_modules():
            if isinstance(module, nn.Linear):
                # T5's attention does not divide scores: queries and keys start smaller instead.
                gain = 0.35 if name.endswith(("query", "key")) else 0.7
                std = gain * module.in_features**-0.5
                nn.init.normal_(module.weight, std=std, generator=generator)
        blocks.append(block)
    return blocks


@torch.no_grad()
def weights_of(
    block: Block, x: Float[Tensor, "batch seq d_model"]
) -> Float[Tensor, "batch heads query key"]:
    """Return what each head of one of these blocks reads, given the stream that enters it."""
    attention, read = block.attention, block.attention_norm(x)
    assert isinstance(attention, T5Attention)
    assert attention.relative is not None
    q = split_heads(attention.query(read), attention.heads)
    k = split_heads(attention.key(read), attention.heads)
    return (q @ k.mT + attention.relative(x.shape[1])).softmax(-1)
