"""Batches: windows cut out of one long text."""

import torch
from jaxtyping import Int
from torch import Generator, Tensor


def get_batch(
    data: Int[Tensor, " length"], batch: int, seq: int, generator: Generator | None = None
) -> tuple[Int[Tensor, "batch seq"], Int[Tensor, "batch seq"]]:
    """Cut `batch` windows of `seq` tokens out of a long text, each with the tokens that follow.

    Every window starts anywhere by itself, with equal probability wherever it and its last
    follower still fit in the data. The random numbers come from `generator`, or from torch's
    global one where none is given. The data may be of any integer type, and stay as they are.

    Returns (x, y), both int64, of shape (batch, seq): y[i, j] is the token that follows x[i, j].
    Raises ValueError when the data have fewer than seq + 1 tokens.
    """
    if len(data) <= seq:
        raise ValueError(
            f"a window of {seq} tokens and its last follower need {seq + 1} tokens; "
            f"there are {len(data)}: take a longer text, or a smaller seq"
        )
    # Drawn where the generator lives: one on the CPU can serve data anywhere.
    device = data.device if generator is None else generator.device
    starts = torch.randint(len(data) - seq, (batch, 1), generator=generator, device=device)
    places = starts.to(data.device) + torch.arange(seq, device=data.device)
    return data[places].long(), data[places + 1].long()
