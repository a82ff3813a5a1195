"""Processors: a worker and the submissions that it runs share one.

They take turns, question and answer. On one processor a turn is a switch, which is quick; on two,
each waits for the other to be woken, and fetches from the other's cache what it needs.
"""

import os


def of_this_process() -> list[int]:
    """The processors that this process may use; empty where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def shared_out(workers: int) -> list[list[int]]:
    """One processor for each worker, in turn; not always the same first, there may be others."""
    mine = of_this_process()
    if not mine:
        return [[] for _ in range(workers)]
    first = os.getpid()
    return [[mine[(first + worker) % len(mine)]] for worker in range(workers)]


def stay_on(processors: list[int]) -> None:
    """Use no processors but these from now on; what this process starts does so, too."""
    if processors:
        os.sched_setaffinity(0, processors)
