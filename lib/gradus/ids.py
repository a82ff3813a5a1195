"""Token ids: the one question to ask of them before a table is looked up."""

from jaxtyping import Int
from torch import Tensor


def check_ids(ids: Int[Tensor, "*shape"], vocab: int) -> None:
    """Raise ValueError unless every id is one of 0 to vocab - 1.

    A negative id would otherwise count from the end of a table, and say nothing.
    """
    if ids.is_meta or not ids.numel():  # nothing to look at
        return
    low, high = (int(end) for end in ids.aminmax())
    if low < 0 or high >= vocab:
        wrong = low if low < 0 else high
        raise ValueError(f"there is no token {wrong}: the ids go from 0 to {vocab - 1}")
