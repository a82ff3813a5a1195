"""Collating: texts of different lengths become one rectangle of ids, and a mask of what is real."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Int
from torch import Tensor


def collate(
    batch: Sequence[Sequence[int]], pad_id: int, side: str = "right", max_len: int | None = None
) -> tuple[Int[Tensor, "batch seq"], Bool[Tensor, "batch seq"]]:
    """Put texts of different lengths into one tensor, filled up with `pad_id`.

    A text longer than `max_len` (if given) keeps its first `max_len` ids. Then all are padded to
    the length of the longest that is left; `side` says where the padding goes, "right" (after the
    text) or "left" (before it). Rows keep the order of the batch. A real id may equal `pad_id`.

    Returns (ids, mask), both of shape (batch, seq): int64, and booleans that are True at real ids.
    Raises ValueError for an empty batch, for any other side and for a max_len below 1.
    """
    if not batch:
        raise ValueError("an empty batch has no longest text: give at least one text")
    if side not in ("left", "right"):
        raise ValueError(f'side is "left" or "right", not {side!r}')
    if max_len is not None and max_len < 1:
        raise ValueError(f"max_len={max_len} would leave no ids: make it at least 1, or None")
    texts = [torch.tensor(text[:max_len], dtype=torch.long) for text in batch]
    seq = max(len(text) for text in texts)
    ids = torch.full((len(texts), seq), pad_id)
    mask = torch.zeros(len(texts), seq, dtype=torch.bool)
    for row, text in enumerate(texts):
        start = 0 if side == "right" else seq - len(text)
        ids[row, start : start + len(text)] = text
        mask[row, start : start + len(text)] = True
    return ids, mask
