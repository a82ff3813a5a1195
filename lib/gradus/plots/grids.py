"""Grids of numbers: small tensors shown whole, next to each other."""

from collections.abc import Mapping, Sequence

from jaxtyping import Shaped
from torch import Tensor

from gradus.plots.picture import Picture, blank, short

LETTER = 0.07  # inches, of a row's name


def number_grids(
    panels: Mapping[str, Shaped[Tensor, "row column"]], rows: Sequence[str], columns: str
) -> Picture:
    """Draw matrices of numbers side by side, all on one scale.

    `rows` names each row, `columns` says what the columns are.
    The shade repeats the number, so that a block that has moved is easy to follow.
    """
    low = min(float(values.min()) for values in panels.values())
    high = max(float(values.max()) for values in panels.values())
    widths = [values.shape[1] for values in panels.values()]
    margin = 0.3 + LETTER * max(map(len, rows), default=0)
    side = min(0.5, max(7 - margin, 3.5) / sum(widths))
    tallest = max(values.shape[0] for values in panels.values())
    figure = blank(side * sum(widths) + 0.3 * len(panels) + margin, side * tallest + 1.1)
    row_of_axes = figure.subplots(1, len(panels), squeeze=False, width_ratios=widths)[0]
    for axes, (title, values) in zip(row_of_axes, panels.items(), strict=True):
        shown = values.detach().cpu()
        axes.imshow(shown.numpy(), cmap="Blues", vmin=low, vmax=low + 2 * max(high - low, 1e-9))
        for row, line in enumerate(shown.tolist()):
            for column, value in enumerate(line):
                axes.text(column, row, short(value), ha="center", va="center", fontsize=18 * side)
        axes.set_xticks(range(shown.shape[1]))
        axes.set_yticks([])
        axes.tick_params(length=0, labelsize=8)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel(columns, fontsize=9)
    row_of_axes[0].set_yticks(range(len(rows)), rows)
    for label in row_of_axes[0].get_yticklabels():
        label.set_parse_math(False)
    told = "; ".join(f"{title}: {_spoken(values, rows)}" for title, values in panels.items())
    return Picture(figure, f"Grids of numbers, told row by row. {told}.")


def _spoken(values: Tensor, rows: Sequence[str]) -> str:
    return ", ".join(
        f"{name} " + " ".join(short(value) for value in row)
        for name, row in zip(rows, values.tolist(), strict=True)
    )
