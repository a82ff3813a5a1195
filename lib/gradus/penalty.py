"""A penalty for repeating: what stands in the text already becomes less likely."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def repetition_penalty(
    logits: Float[Tensor, "batch vocab"],
    ids: Int[Tensor, "batch seq"],
    penalty: float,
    padding: Bool[Tensor, "batch seq"] | None = None,
) -> Float[Tensor, "batch vocab"]:
    """Lower the logits of the tokens that stand in `ids`, each row by its own text.

    A positive logit is divided by `penalty`, a negative one is multiplied by it: with a penalty
    above 1, both become smaller. A token is penalised once, however often it stands there. What is
    padding (False in `padding`) does not count. The given logits and ids stay as they are.

    Raises ValueError for a penalty that is not above 0. Keskar et al. 2019, section 4.1:
    https://arxiv.org/abs/1909.05858
    """
    if penalty <= 0:
        raise ValueError(f"penalty={penalty}: give a positive one, and 1 to leave all as it is")
    real = torch.ones_like(ids) if padding is None else padding
    seen = torch.zeros_like(logits).scatter_add(-1, ids, real.to(logits.dtype)) > 0
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)
