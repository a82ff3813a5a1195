"""A bigram model: the next token depends on the last one, and on nothing before it.

Shannon 1948, section 3, https://doi.org/10.1002/j.1538-7305.1948.tb01338.x
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from gradus.ids import check_ids


def bigram_counts(ids: Int[Tensor, "*texts seq"], vocab: int) -> Int[Tensor, "token next"]:
    """Count how often each token is followed by each other one.

    Entry [a, b] of the table is the number of places where b comes right after a. Each row of `ids`
    is a text of its own: no pair reaches from the end of one row to the start of another.

    Returns whole numbers (int64), shape (vocab, vocab).
    Raises ValueError for ids that are not in 0 to vocab - 1.
    """
    check_ids(ids, vocab)
    token, following = ids[..., :-1].reshape(-1).long(), ids[..., 1:].reshape(-1).long()
    counts = torch.zeros(vocab, vocab, dtype=torch.int64, device=ids.device)
    return counts.index_put((token, following), torch.ones_like(token), accumulate=True)


def bigram_probs(
    counts: Int[Tensor, "token next"], alpha: float = 0.0
) -> Float[Tensor, "token next"]:
    """Turn counts into probabilities: row a says how likely each token is right after a.

    `alpha` is added to every count first, so that a pair that was never seen is unlikely and not
    impossible. Where nothing was counted and alpha is 0, all tokens are equally likely.

    Returns shape (vocab, vocab), each row summing to 1, in torch's default dtype (float32).
    Raises ValueError for an alpha below 0.
    """
    if alpha < 0:
        raise ValueError(f"alpha is added to the counts, so it cannot be negative: {alpha}")
    smoothed = counts + float(alpha)
    total = smoothed.sum(dim=-1, keepdim=True)
    return (smoothed / total).where(total > 0, 1 / counts.shape[-1])


def perplexity(probs: Float[Tensor, "token next"], ids: Int[Tensor, "*texts seq"]) -> float:
    """Return how many equally likely tokens the model is, in effect, torn between at each step.

    That is exp of the mean, over all tokens that have one before them, of -log of the probability
    that the row of the one before gives them. Each row of `ids` is a text of its own; a first token
    is not predicted. One token that was held impossible makes the perplexity infinite.

    Raises ValueError for ids that have no row, and for texts of fewer than two tokens.
    """
    check_ids(ids, len(probs))
    if ids.shape[-1] < 2 or not ids.numel():
        raise ValueError("there is nothing to predict: a text needs at least two tokens")
    given = probs[ids[..., :-1].long(), ids[..., 1:].long()]
    return (-given.log().mean()).exp().item()


def bits_per_byte(nats_per_token: float, tokens: int, text: str) -> float:
    """Return a loss in bits for each byte of the text, which no choice of tokens can flatter.

    `nats_per_token` is the mean of -log p over the `tokens` tokens that `text` was cut into. The
    text's bytes are those of UTF-8. One bit is log(2) nats.

    Raises ValueError for an empty text.
    """
    size = len(text.encode("utf-8"))
    if not size:
        raise ValueError("an empty text has no bytes to share the loss among")
    return nats_per_token * tokens / math.log(2) / size


def sample_bigram(
    probs: Float[Tensor, "token next"],
    start: int,
    length: int,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " length"]:
    """Write: draw `length` tokens one by one, each from the row of the token before it.

    The first is drawn from the row of `start`, which is not itself returned. All draws use
    `generator` (torch's global one where it is None), so that the same seed writes the same text.

    Returns ids (int64), shape (length,).
    Raises ValueError for a start that has no row.
    """
    if not 0 <= start < len(probs):
        raise ValueError(f"there is no token {start}: the ids go from 0 to {len(probs) - 1}")
    token = torch.tensor([start], device=probs.device)
    ids = [token]
    for _ in range(length):
        token = torch.multinomial(probs[token], 1, generator=generator)[0]
        ids.append(token)
    return torch.cat(ids)[1:]
