"""Beam search: look for a likely text by following several beginnings at once."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.probability import log_softmax


def beam_search(
    model: nn.Module,
    ids: Int[Tensor, " seq"],
    new: int,
    beams: int,
    eos: int | None = None,
    alpha: float = 1.0,
) -> tuple[Int[Tensor, " position"], Float[Tensor, ""]]:
    """Write up to `new` tokens after one text, and return the best text that was found.

    The search follows up to `beams` texts that have not ended; at first there is one, `ids`. In
    each step:

    1. Extend every text by every token. A text's mass is the sum of the log-probabilities of the
       tokens written; those of `ids` do not count.
    2. Rank all these, of all texts, by their mass. Where two are equal, the one of the earlier text
       and then of the lower token comes first.
    3. Of the `beams` best, those that end in `eos` are finished: set them aside.
    4. Go on with the `beams` best of those that do not end.

    The search is over when `beams` texts or more are finished, or after `new` steps; the texts that
    are left after `new` steps count as finished too. A finished text's score is its mass divided by
    length**alpha, where length is the number of tokens written, `eos` included. So alpha 0 compares
    the masses, and a larger one favours longer texts. One beam writes what `greedy` writes.

    Works in the mode that the model is in, and without gradients; the model is called as
    `model(ids)`, with a text in each row. Returns the text with the best score, the given ids and
    its `eos` included, and that score.

    Raises ValueError when there is no token to begin with, and for a `new` or `beams` below 1.
    Sutskever et al. 2014, section 3.2, https://arxiv.org/abs/1409.3215; on the lengths, Wu et al.
    2016, section 7, https://arxiv.org/abs/1609.08144
    """
    if not len(ids):
        raise ValueError("there is no token to begin with: give the text at least one")
    if new < 1 or beams < 1:
        raise ValueError(f"new={new}, beams={beams}: one token and one beam are the least")
    texts, mass = ids.unsqueeze(0), torch.zeros(1, device=ids.device)
    finished: list[tuple[Tensor, Tensor]] = []
    for length in range(1, new + 1):
        with torch.no_grad():
            totals = mass.unsqueeze(-1) + log_softmax(model(texts)[:, -1])
        # Each text ends in one way only: of twice as many, enough do not end.
        best = totals.flatten().argsort(descending=True, stable=True)[: 2 * beams]
        rows, tokens = best // totals.shape[-1], best % totals.shape[-1]
        texts = torch.cat([texts[rows], tokens.unsqueeze(-1)], dim=-1)
        mass = totals.flatten()[best]
        ends = torch.zeros_like(tokens, dtype=torch.bool) if eos is None else tokens == eos
        for i in ends[:beams].nonzero().flatten().tolist():
            finished.append((texts[i], mass[i] / length**alpha))
        texts, mass = texts[~ends][:beams], mass[~ends][:beams]
        if length == new:
            finished += [(texts[i], mass[i] / length**alpha) for i in range(len(texts))]
        if len(finished) >= beams:
            break
    return max(finished, key=lambda found: found[1].item())
