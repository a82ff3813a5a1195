"""A matrix in which one cell of each row is chosen."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from gradus.plots.cells import SIDE, cells, frame
from gradus.plots.picture import Picture, blank


def marked_rows(
    table: Float[Tensor, "row column"],
    chosen: Sequence[int],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str = "",
) -> Picture:
    """Draw `table` with its names along both sides, and a frame around one cell of each row."""
    figure = blank(SIDE * 1.25 * len(columns) + 1.8, SIDE * len(rows) + 1.1)
    axes = figure.subplots()
    cells(axes, table, title)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    for row, column in enumerate(chosen):
        frame(axes, row, column)
    told = "; ".join(
        f"{name}: {columns[column]} with {table[row, column].item():.3g}"
        for row, (name, column) in enumerate(zip(rows, chosen, strict=True))
    )
    return Picture(figure, f"A table of numbers. {title}. Framed in each row: {told}.")
