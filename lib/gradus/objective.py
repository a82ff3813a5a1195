"""Objectives: what a language model is trained to get right.

Next-token prediction: Bengio et al. 2003, https://www.jmlr.org/papers/v3/bengio03a.html
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor

from gradus.probability import cross_entropy


def lm_loss(
    logits: Float[Tensor, "batch seq vocab"],
    ids: Int[Tensor, "batch seq"],
    padding: Bool[Tensor, "batch seq"] | None = None,
) -> Float[Tensor, ""]:
    """Return the loss of a language model on texts: the mean of -log p(next token), in nats.

    `ids` are the texts that the model has read, not shifted. The logits at one position are its
    prediction of the id at the next. So the first id of a text is never predicted, and the last
    logits predict nothing.

    `padding` is True at the real tokens. A prediction counts when the token that makes it and the
    token that it should be are both real. All that count, in all texts, weigh the same; if none
    counts, the loss is 0.
    """
    targets = ids[:, 1:]
    if padding is not None:
        targets = targets.long().masked_fill(~(padding[:, :-1] & padding[:, 1:]), -100)
    return cross_entropy(logits[:, :-1], targets)
