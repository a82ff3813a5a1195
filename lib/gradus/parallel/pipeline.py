"""Pipeline parallelism: every rank holds some of the layers, and waits for the ranks before it.

Huang et al. 2018, GPipe, https://arxiv.org/abs/1811.06965, section 2.3
"""

# At each tick of time, by stage: the number of the small batch that is worked on, None for nothing.
Schedule = list[list[int | None]]


def pipeline_bubble(stages: int, batches: int) -> float:
    """Return the share of all time in which a rank waits: (stages - 1) / (batches + stages - 1).

    A batch is cut into `batches` small ones that follow each other through the `stages`. Raises
    ValueError for less than one of either.
    """
    if stages < 1 or batches < 1:
        raise ValueError(
            f"{stages} stages and {batches} small batches: there has to be one of each"
        )
    return (stages - 1) / (batches + stages - 1)


def schedule(stages: int, batches: int) -> tuple[Schedule, Schedule]:
    """Return who works on what, forward and then backward; by stage, by tick.

    A tick is the time that one stage takes for one small batch in that direction.
    """
    ticks = batches + stages - 1
    forward = [[_within(tick - stage, batches) for tick in range(ticks)] for stage in range(stages)]
    return forward, forward[::-1]


def _within(batch: int, batches: int) -> int | None:
    return batch if 0 <= batch < batches else None
