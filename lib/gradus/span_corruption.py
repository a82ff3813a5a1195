"""Span corruption: hide short spans of a text, and let the decoder write what was hidden.

Raffel et al. 2020 (T5), section 3.1.4, https://arxiv.org/abs/1910.10683
"""

import torch
from jaxtyping import Bool, Int
from torch import Generator, Tensor


def span_noise_mask(
    length: int, density: float = 0.15, mean_span: float = 3.0, generator: Generator | None = None
) -> Bool[Tensor, " length"]:
    """Choose the tokens that are hidden: a share `density` of them, in spans.

    The numbers are fixed, only the places are drawn. `round(length * density)` tokens are hidden,
    at least 1 and at most length - 1, in `round(hidden / mean_span)` spans: at least one, and at
    most as many as there are tokens hidden, or tokens left. Hidden and kept tokens are each cut
    into so many pieces of at least one token, every way of cutting with the same probability. The
    pieces take turns, a kept one first: so no two spans touch, the first token is always kept, and
    the last one never.

    Returns booleans, True at hidden tokens. `round` is Python's. The random numbers come from
    `generator` if one is given.
    Raises ValueError for fewer than 2 tokens, and for a density that is not between 0 and 1.
    """
    if length < 2:
        raise ValueError(f"length={length}: one token has to be hidden and one has to stay")
    if not 0 < density < 1:
        raise ValueError(f"density={density} is a share of the tokens, between 0 and 1")
    hidden = min(max(round(length * density), 1), length - 1)
    spans = min(max(round(hidden / mean_span), 1), hidden, length - hidden)
    device = "cpu" if generator is None else generator.device

    def pieces(tokens: int) -> Tensor:
        cuts = torch.randperm(tokens - 1, generator=generator, device=device)[: spans - 1] + 1
        ends = torch.tensor([0, tokens], device=device)
        return torch.cat([ends, cuts]).sort().values.diff()

    lengths = torch.stack([pieces(length - hidden), pieces(hidden)], dim=1).flatten()
    return torch.tensor([False, True], device=device).repeat(spans).repeat_interleave(lengths)


def span_corrupt(
    ids: Int[Tensor, " seq"], hidden: Bool[Tensor, " seq"], sentinel: int, end_id: int
) -> tuple[Int[Tensor, " input"], Int[Tensor, " target"]]:
    """Put a sentinel in the place of each hidden span; the target says what each one stands for.

    The first span gets the id `sentinel`, the next one `sentinel - 1`, and so on. The inputs are
    the text with one sentinel instead of each span. The targets are, for each span, its sentinel
    and then its tokens; after the last span comes one more sentinel, which closes it. Both end with
    `end_id`.

    Returns (inputs, targets).
    Raises ValueError when the text holds an id that is needed as a sentinel.
    """
    inputs, targets, after_hidden = [], [], False
    first = sentinel
    for token, is_hidden in zip(ids.tolist(), hidden.tolist(), strict=True):
        if is_hidden and not after_hidden:
            inputs.append(sentinel)
            targets.append(sentinel)
            sentinel -= 1
        (targets if is_hidden else inputs).append(token)
        after_hidden = is_hidden
    if ((ids >= sentinel) & (ids <= first)).any():
        raise ValueError(f"the text holds an id from {sentinel} to {first}: these are sentinels")
    return ids.new_tensor([*inputs, end_id]), ids.new_tensor([*targets, sentinel, end_id])
