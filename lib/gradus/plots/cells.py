"""Cells: a small matrix drawn as squares with a number in each, some of them framed."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from gradus.plots.picture import COLOURS

SIDE = 0.48  # inches


def cells(axes: Axes, table: Tensor, title: str, rows: str = "", columns: str = "") -> None:
    """Fill the axes with the numbers of `table`, shaded by their size."""
    values = table.detach().cpu().double()
    finite = values[values.isfinite()].abs()
    most = float(finite.max()) if finite.numel() else 1.0
    axes.imshow(
        values.nan_to_num(0, most, -most).numpy(),
        cmap="PuOr_r",
        vmin=-3 * max(most, 1e-9),
        vmax=3 * max(most, 1e-9),
    )
    for row, line in enumerate(values.tolist()):
        for column, value in enumerate(line):
            axes.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=9)
    axes.set(xticks=[], yticks=[], xlabel=columns, ylabel=rows)
    axes.set_title(title, fontsize=10)


def frame(axes: Axes, row: int, column: int, height: int = 1, width: int = 1) -> None:
    """Draw a thick frame around some cells."""
    corner = (column - 0.5, row - 0.5)
    axes.add_patch(
        Rectangle(
            corner,
            width,
            height,
            fill=False,
            edgecolor=COLOURS[0],
            linewidth=3,
            clip_on=False,
            zorder=3,
        )
    )
