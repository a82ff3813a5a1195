"""Strided perplexity: reading a text that is longer than a model's window.

Baevski and Auli 2018, https://arxiv.org/abs/1809.10853, section 5.4
"""

import math

import torch
from jaxtyping import Int
from torch import Tensor, nn

from gradus.probability import gather_log_probs


@torch.no_grad()
def strided_perplexity(
    model: nn.Module, ids: Int[Tensor, " seq"], window: int, stride: int
) -> float:
    """Return the perplexity of a long text, read through a window that moves by `stride` tokens.

    The windows begin at tokens 0, stride, 2 * stride, ... Each shows the model `window` tokens, or
    as many as there are, and each of these predicts the token behind it; the text's last token has
    nothing to predict, and the window that predicts it is the last one. Every token but the text's
    first is counted once: in the first window that predicts it, where what stands before it in that
    window is its context. The perplexity is exp of the mean of -log p over all tokens that count.

    `model(ids)` gives logits (batch, seq, vocab) from ids (batch, seq). No gradient is kept.

    Raises ValueError when stride is not from 1 to window, so that tokens would be left out, and
    when there are fewer than 2 ids.
    """
    if not 1 <= stride <= window or len(ids) < 2:
        raise ValueError(
            f"a stride from 1 to the window and 2 ids or more are needed, not stride={stride}, "
            f"window={window} and {len(ids)} ids"
        )
    given, wanted = ids[:-1], ids[1:]
    total, counted = 0.0, 0
    for begin in range(0, len(given), stride):
        end = min(begin + window, len(given))
        logits = model(given[begin:end].unsqueeze(0))[0]
        log_probs = gather_log_probs(logits, wanted[begin:end])
        total += log_probs[counted - begin :].double().sum().item()  # the others have counted
        counted = end
        if end == len(given):
            break
    return math.exp(-total / counted)
