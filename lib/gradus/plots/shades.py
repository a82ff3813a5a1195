"""Shades: a table that is too large for its numbers, as one coloured square each."""

from jaxtyping import Real
from torch import Tensor

from gradus.plots.picture import Picture, blank


def shades(
    table: Real[Tensor, "row column"], rows: str, columns: str, title: str = "", told: str = ""
) -> Picture:
    """Draw `table` in two colours that part at 0; `told` adds to the words for it."""
    values = table.detach().cpu().double()
    most = max(float(values.abs().max()), 1e-9)
    figure = blank(7, 3.8)
    axes = figure.subplots()
    image = axes.imshow(
        values, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto", interpolation="nearest"
    )
    axes.set(xlabel=columns, ylabel=rows)
    axes.set_title(title, fontsize=11)
    figure.colorbar(image, ax=axes)
    size = f"{values.shape[0]} rows ({rows}) and {values.shape[1]} columns ({columns})"
    span = f"from {float(values.min()):.3g} to {float(values.max()):.3g}"
    return Picture(figure, f"A table of shades. {title}. {size}, {span}. {told}")
