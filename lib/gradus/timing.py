"""How long something takes, measured so that the number means something."""

import statistics
import time
from collections.abc import Callable

import torch


def median_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Run `work` once to warm up, then `repeats` times; return the median of their seconds.

    The first run pays for things that are done only once, and a single slow run (another program
    wanted the processor) leaves the median as it is.
    """
    work()
    seconds = []
    for _ in range(repeats):
        _wait()
        start = time.perf_counter()
        work()
        _wait()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _wait() -> None:
    """A GPU answers before it has finished: wait until it has."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    elif torch.backends.mps.is_available():
        torch.mps.synchronize()
