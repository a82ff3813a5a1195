"""Text infilling: spans become one mask each, and the decoder writes the whole text anew.

Lewis et al. 2020 (BART), section 2.2, https://arxiv.org/abs/1910.13461
"""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Generator, Tensor


def text_infilling(
    ids: Int[Tensor, " seq"], spans: Sequence[tuple[int, int]], mask_id: int
) -> tuple[Int[Tensor, " input"], Int[Tensor, " seq"]]:
    """Replace every span by one mask; the target is the text as it was.

    A span is (start, length), counted in the text as it is given; the spans come in order. One of
    length 0 hides nothing: its mask is put in before the token at `start`, or after the last one if
    `start` is the length of the text. So from a mask nobody can tell how many tokens are missing.

    Returns (inputs, targets), two new tensors.
    Raises ValueError when a span begins before the one in front of it has ended, or goes past the
    end of the text.
    """
    inputs, end = [], 0
    for start, length in spans:
        if start < end or length < 0 or start + length > len(ids):
            raise ValueError(
                f"the span ({start}, {length}) must begin at {end} or later, and end in the text "
                f"of {len(ids)} tokens"
            )
        inputs += [ids[end:start], ids.new_tensor([mask_id])]
        end = start + length
    return torch.cat([*inputs, ids[end:]]), ids.clone()


def draw_spans(
    length: int, density: float = 0.3, mean_span: float = 3.0, generator: Generator | None = None
) -> list[tuple[int, int]]:
    """Draw spans for `text_infilling`, with lengths from a Poisson distribution: 0 is among them.

    Spans are drawn until they hide a share `density` of the tokens (the last one is shortened to
    fit); then they are put in random order, with random gaps between them.

    Returns (start, length) pairs in order.
    """
    left, lengths = round(length * density), list[int]()
    while left > 0:
        drawn = int(torch.poisson(torch.tensor(mean_span), generator=generator))
        lengths.append(min(drawn, left))
        left -= lengths[-1]
    kept = length - sum(lengths)
    # Kept tokens and spans stand in one row: which places of it are the spans'?
    places = torch.randperm(kept + len(lengths), generator=generator)[: len(lengths)]
    order = torch.randperm(len(lengths), generator=generator).tolist()
    spans, hidden = [], 0
    for number, (place, drawn) in enumerate(
        zip(sorted(places.tolist()), (lengths[i] for i in order), strict=True)
    ):
        spans.append((place - number + hidden, drawn))
        hidden += drawn
    return spans
