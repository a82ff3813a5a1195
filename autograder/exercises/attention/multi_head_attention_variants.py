"""Right ways to write MultiHeadAttention."""

import math

import torch
from torch import nn

from autograder.exercises.attention.multi_head_attention import multi_head_attention
from gradus.attention import MultiHeadAttention


def _softmax(scores, mask):
    if mask is None:
        return scores.softmax(-1)
    return scores.masked_fill(~mask, -math.inf).softmax(-1).nan_to_num(0)


@multi_head_attention.variant
class WithViews(MultiHeadAttention):
    def forward(self, x, memory=None, mask=None, cache=None):
        memory = x if memory is None else memory
        batch, seq, _ = x.shape
        d = self.query.out_features // self.heads
        q = self.query(x).view(batch, seq, self.heads, d).transpose(1, 2)
        k = self.key(memory).view(batch, -1, self.kv_heads, d).transpose(1, 2)
        v = self.value(memory).view(batch, -1, self.kv_heads, d).transpose(1, 2)
        if cache is not None:
            k, v = cache.update(k, v)
        k = k.repeat_interleave(self.heads // self.kv_heads, dim=1)
        v = v.repeat_interleave(self.heads // self.kv_heads, dim=1)
        mixed = _softmax(q @ k.mT / math.sqrt(d), mask) @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, seq, -1))


@multi_head_attention.variant
class GroupsAsAnAxis(MultiHeadAttention):
    """Keys and values are not repeated: the queries get an axis for their group."""

    def forward(self, x, memory=None, mask=None, cache=None):
        source = memory if memory is not None else x
        q = self.query(x).unflatten(-1, (self.kv_heads, self.heads // self.kv_heads, -1))
        k = self.key(source).unflatten(-1, (self.kv_heads, -1)).transpose(1, 2)
        v = self.value(source).unflatten(-1, (self.kv_heads, -1)).transpose(1, 2)
        if cache is not None:
            k, v = cache.update(k, v)
        scores = torch.einsum("bqhgd,bhkd->bhgqk", q, k) * q.shape[-1] ** -0.5
        if mask is not None and mask.dim() == 4:
            mask = mask[:, :, None]
        mixed = torch.einsum("bhgqk,bhkd->bqhgd", _softmax(scores, mask), v)
        return self.out(mixed.flatten(2))


@multi_head_attention.variant
class HeadByHead(MultiHeadAttention):
    def forward(self, x, memory=None, mask=None, cache=None):
        source = x if memory is None else memory
        q = self.query(x).chunk(self.heads, dim=-1)
        k = torch.stack(self.key(source).chunk(self.kv_heads, dim=-1), dim=1)
        v = torch.stack(self.value(source).chunk(self.kv_heads, dim=-1), dim=1)
        if cache is not None:
            k, v = cache.update(k, v)
        if mask is not None and mask.dim() == 4:
            mask = mask[:, 0]
        mixed = []
        for head, asked in enumerate(q):
            shared = head * self.kv_heads // self.heads
            scores = asked @ k[:, shared].mT / asked.shape[-1] ** 0.5
            mixed.append(_softmax(scores, mask) @ v[:, shared])
        return self.out(torch.cat(mixed, dim=-1))


@multi_head_attention.variant
class OwnConstructor(MultiHeadAttention):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        nn.Module.__init__(self)
        if d_head is None:
            d_head, rest = divmod(d_model, heads)
            if rest:
                raise ValueError("heads must divide d_model")
        self.heads, self.kv_heads, self.scale = heads, kv_heads or heads, d_head**-0.5
        if self.heads % self.kv_heads:
            raise ValueError("kv_heads must divide heads")
        self.out = nn.Linear(d_head * heads, d_model, bias)
        for name, count in (("query", heads), ("key", self.kv_heads), ("value", self.kv_heads)):
            setattr(self, name, nn.Linear(d_model, d_head * count, bias))
