"""Right ways to write attend."""

import math

import torch
from torch.nn import functional as F

from autograder.exercises.attention.attend import attend


@attend.variant
def with_matmul(q, k, v, mask=None):
    scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(k.size(-1))
    if mask is not None:
        scores = scores.masked_fill(mask == 0, float("-inf"))
    weights = torch.softmax(scores, dim=-1)
    if mask is not None:
        weights = weights.masked_fill(mask == 0, 0)
    return torch.matmul(weights, v), weights


@attend.variant
def q_scaled_first(q, k, v, mask=None):
    scores = (q * q.shape[-1] ** -0.5) @ k.mT
    if mask is not None:
        scores = torch.where(mask, scores, -math.inf)
    weights = F.softmax(scores, dim=-1).nan_to_num(0.0)
    return weights @ v, weights


@attend.variant
def bias_added(q, k, v, mask=None):
    scores = torch.einsum("...qd,...kd->...qk", q, k) / torch.sqrt(torch.tensor(q.shape[-1]))
    if mask is not None:
        bias = torch.zeros_like(mask, dtype=q.dtype).masked_fill(~mask, float("-inf"))
        # Without any key the bias is left away, and all weights are removed instead.
        scores = scores + bias.masked_fill(~mask.any(-1, keepdim=True), 0)
    weights = scores.softmax(-1)
    if mask is not None:
        weights = weights * mask.any(-1, keepdim=True)
    return torch.einsum("...qk,...kd->...qd", weights, v), weights


@attend.variant
def lowest_number(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is None:
        weights = scores.softmax(-1)
    else:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        weights = scores.softmax(-1) * mask
    return weights @ v, weights


@attend.variant
def softmax_by_hand(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    largest = scores.amax(-1, keepdim=True).clamp(min=-1e4)
    weights = torch.exp(scores - largest)
    total = weights.sum(-1, keepdim=True)
    weights = weights / total.masked_fill(total == 0, 1)
    return weights @ v, weights


@attend.variant
def masked_after_and_renormalised(q, k, v, mask=None):
    weights = torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, dim=-1)
    if mask is not None:
        weights = weights * mask
        total = weights.sum(-1, keepdim=True)
        weights = weights / torch.where(total > 0, total, 1)
    return weights @ v, weights


@attend.variant
def through_logarithms(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    weights = scores.log_softmax(-1).exp()
    weights = torch.where(weights.isnan(), torch.zeros_like(weights), weights)
    return weights @ v, weights


@attend.variant
def query_by_query(q, k, v, mask=None):
    rows = []
    for i in range(q.shape[-2]):
        scores = (q[..., i : i + 1, :] * k).sum(-1) / q.shape[-1] ** 0.5
        if mask is not None:
            allowed = mask.expand(*scores.shape[:-1], q.shape[-2], -1)[..., i, :]
            scores = scores.masked_fill(~allowed, float("-inf"))
        rows.append(scores.softmax(-1).nan_to_num(0))
    weights = torch.stack(rows, dim=-2)
    return weights @ v, weights
