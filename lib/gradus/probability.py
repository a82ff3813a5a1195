"""From a model's scores to probabilities, and from probabilities to the loss it is trained by.

Scores before the softmax are called logits. All logarithms are natural: a loss is in nats.
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor

from gradus.ids import check_ids


def softmax(x: Float[Tensor, "*score"], dim: int = -1) -> Float[Tensor, "*score"]:
    """Turn scores into shares along `dim`: exp(x), divided by the sum of exp(x) along `dim`.

    The shares are positive and sum to 1. A score of -inf gets the share 0. Scores of 10,000 and
    scores of -10,000 are as welcome as small ones.
    """
    # Taking the largest score off changes no share, and keeps exp from overflowing.
    powers = (x - x.amax(dim=dim, keepdim=True)).exp()
    return powers / powers.sum(dim=dim, keepdim=True)


def log_softmax(x: Float[Tensor, "*score"], dim: int = -1) -> Float[Tensor, "*score"]:
    """Return the logarithm of `softmax(x, dim)`: x minus log(sum of exp(x)) along `dim`.

    It stays finite and exact where the softmax itself is too small for a float: a score 10,000
    below the others gets about -10,000. A score of -inf gets -inf.
    """
    # The largest score cancels out again, so no gradient need flow through it.
    shifted = x - x.detach().amax(dim=dim, keepdim=True)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def gather_log_probs(
    logits: Float[Tensor, "*place vocab"], ids: Int[Tensor, "*place"]
) -> Float[Tensor, "*place"]:
    """Return the log-probability that each row of logits gives to the id at the same place.

    The log-probabilities are `log_softmax` of the logits over the vocabulary, the last axis. Row i
    goes with id i: nothing is shifted here.

    Raises ValueError for ids that are not in the vocabulary.
    """
    check_ids(ids, logits.shape[-1])
    return log_softmax(logits).gather(-1, ids.long().unsqueeze(-1)).squeeze(-1)


def masked_mean(
    x: Float[Tensor, "*shape"], mask: Bool[Tensor, "..."], dim: int | None = None
) -> Float[Tensor, "*mean"]:
    """Return the mean of the entries of x where `mask` is True, along `dim` or over everything.

    The mask broadcasts to the shape of x. Entries that it leaves out have no say, not even if they
    are inf or nan. The mean of no entries at all is 0.
    """
    mask = mask.expand_as(x)
    total = x.masked_fill(~mask, 0).sum(dim)
    return total / mask.sum(dim).clamp(min=1)


def cross_entropy(
    logits: Float[Tensor, "*place vocab"], targets: Int[Tensor, "*place"], ignore_index: int = -100
) -> Float[Tensor, ""]:
    """Return the loss of a model: the mean of -log p(target), in nats, over the targets that count.

    p is the softmax of the logits over the vocabulary. A target equal to `ignore_index` does not
    count: neither in the sum nor in the number it is divided by. If none counts, the loss is 0.

    Raises ValueError for other targets that are not in the vocabulary.
    """
    counted = targets != ignore_index
    # What is ignored need not be an id: look up token 0 in its place, and leave that out again.
    losses = -gather_log_probs(logits, targets.masked_fill(~counted, 0))
    return masked_mean(losses, counted)
