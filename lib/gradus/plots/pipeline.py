"""A pipeline over time: which stage works on which small batch, and where it waits."""

from collections.abc import Sequence

from gradus.plots.picture import COLOURS, HATCHES, Picture, blank

Schedule = Sequence[Sequence[int | None]]


def pipeline(forward: Schedule, backward: Schedule) -> Picture:
    """Draw the schedules, forward and then backward, one row for each stage.

    Backward takes twice as long as forward. White is waiting.
    """
    stages, ticks = len(forward), len(forward[0])
    figure = blank(8, 1.3 + 0.4 * stages)
    axes = figure.subplots()
    for rows, start, long, colour, hatch in (
        (forward, 0, 1, COLOURS[0], HATCHES[0]),
        (backward, ticks, 2, COLOURS[1], HATCHES[1]),
    ):
        for stage, row in enumerate(rows):
            for tick, batch in enumerate(row):
                if batch is None:
                    continue
                left = start + tick * long
                axes.barh(
                    stage, long, left=left, height=0.8, color=colour, alpha=0.45, hatch=hatch,
                    edgecolor="white", linewidth=1,
                )  # fmt: skip
                axes.text(left + long / 2, stage, str(batch), ha="center", va="center", fontsize=8)
    waiting = sum(batch is None for row in forward for batch in row) / (stages * ticks)
    axes.set_yticks(range(stages), [f"stage {stage}" for stage in range(stages)])
    axes.set(xlim=(0, 3 * ticks), ylim=(stages - 0.5, -0.5), xlabel="time (forward, then backward)")
    axes.set_title(f"waiting: {waiting:.0%} of the time", fontsize=11)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    batches = 1 + max(batch for row in forward for batch in row if batch is not None)
    return Picture(
        figure,
        f"Pipeline of {stages} stages and {batches} small batches, first forward, then backward in "
        f"twice the time. Stage 0 begins at time 0, every other one tick after the one before. "
        f"Every stage waits {waiting:.0%} of the time.",
    )
