"""An all-reduce around a ring: which rank has whose numbers in which chunk, after each step."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from gradus.parallel.ring_steps import Step
from gradus.plots.cells import frame
from gradus.plots.picture import COLOURS, Picture, blank


def ring(steps: Sequence[Step], number: int) -> Picture:
    """Draw the state after step `number`; 0 is the beginning.

    A cell is filled as far as it is complete, and says whose numbers are in it. What has just come
    in has a frame.
    """
    step, size = steps[number], len(steps[number].held)
    half = (len(steps) - 1) // 2
    name = "the beginning" if number == 0 else f"after step {number} of {len(steps) - 1}"
    if number:
        name += ": collecting" if number <= half else ": handing round"
    figure = blank(1.5 + 1.05 * size, 1.0 + 0.55 * size)
    axes = figure.subplots()
    _cells(axes, step, size)
    axes.set_xticks(range(size), [f"chunk {chunk}" for chunk in range(size)])
    axes.set_yticks(range(size), [f"rank {rank}" for rank in range(size)])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_title(name, fontsize=11)
    axes.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    axes.spines[:].set_visible(False)
    complete = sum(len(parts) == size for row in step.held for parts in row)
    told = "; ".join(
        f"rank {rank} holds "
        + ", ".join(_told(chunk, parts, size) for chunk, parts in enumerate(row))
        for rank, row in enumerate(step.held)
    )
    came = ", ".join(f"chunk {chunk} on rank {rank}" for rank, chunk in sorted(step.arrived))
    news = f" Just arrived: {came}." if came else ""
    return Picture(
        figure,
        f"Ring of {size} ranks, {name}. {complete} of {size**2} cells complete.{news} {told}.",
    )


def _cells(axes: Axes, step: Step, size: int) -> None:
    for rank, row in enumerate(step.held):
        for chunk, parts in enumerate(row):
            done = len(parts) == size
            axes.bar(
                chunk,
                -0.9 * len(parts) / size,
                bottom=rank + 0.45,
                width=0.9,
                color=COLOURS[2] if done else "#a6cfe6",
            )
            axes.bar(chunk, 0.9, bottom=rank - 0.45, width=0.9, fill=False, edgecolor="0.6")
            words = "all" if done else "+".join(map(str, sorted(parts)))
            axes.text(chunk, rank, words, ha="center", va="center", color="black", fontsize=10)
    for rank, chunk in step.arrived:
        frame(axes, rank, chunk)


def _told(chunk: int, parts: frozenset[int], size: int) -> str:
    if len(parts) == size:
        return f"chunk {chunk} complete"
    return f"chunk {chunk} from {' and '.join(map(str, sorted(parts)))}"
