"""What an all-reduce does, step by step: who has whose numbers, read off what was really sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from gradus.parallel.ranks import Ranks


@dataclass(frozen=True)
class Step:
    """The state after a step: `held[rank][chunk]` are the ranks whose numbers are in that chunk.

    `arrived` holds pairs (rank, chunk): what came in with this step.
    """

    held: list[list[frozenset[int]]]
    arrived: frozenset[tuple[int, int]]


def ring_steps(all_reduce: Callable[..., Any], size: int) -> list[Step]:
    """Run an all-reduce on `size` ranks, with one number in each chunk, and return what it did.

    The first step is the beginning. Every rank gives a power of 2 of its own to each chunk, so that
    a sum tells its parts. Raises ValueError for more than 7 ranks: the sums would not be exact.
    """
    if not 1 <= size <= 7:
        raise ValueError(f"{size} ranks: from 1 to 7 can be told apart")
    ranks = Ranks(size)
    powers = torch.arange(size, dtype=torch.float64) * size  # the first power of each chunk
    ranks.run(all_reduce, [(2.0 ** (powers + rank),) for rank in range(size)])
    held = [[frozenset([rank]) for _ in range(size)] for rank in range(size)]
    steps = [Step([list(row) for row in held], frozenset())]
    last = max((message.step for message in ranks.messages), default=-1)
    for step in range(last + 1):
        arrived = set()
        for message in ranks.messages:
            if message.step != step:
                continue
            for total in message.content.flatten().long().tolist():
                chunk, parts = _read(total, size)
                held[message.to][chunk] |= parts
                arrived.add((message.to, chunk))
        steps.append(Step([list(row) for row in held], frozenset(arrived)))
    return steps


def _read(total: int, size: int) -> tuple[int, frozenset[int]]:
    """The chunk that a sum belongs to, and the ranks whose powers are in it."""
    bits = [bit for bit in range(size * size) if total >> bit & 1]
    chunk = bits[0] // size if bits else 0
    return chunk, frozenset(bit - chunk * size for bit in bits if bit // size == chunk)
