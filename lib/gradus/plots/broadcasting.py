"""Broadcasting as a picture: which number meets which when two shapes differ."""

import torch
from torch import Tensor

from gradus.plots.cells import SIDE, cells
from gradus.plots.picture import Picture, blank

GREY = "#666666"


def broadcast_map(one: tuple[int, ...], other: tuple[int, ...]) -> Picture:
    """Draw the sum of two tensors of these shapes (two axes at most); copies are grey, in italics.

    The numbers of the first are 1, 2, 3 ..., those of the second 10, 20, 30 ...
    """
    try:
        shape = torch.broadcast_shapes(one, other)
    except RuntimeError:
        return _clash(one, other)
    a = torch.arange(1, 1 + torch.Size(one).numel()).view(one)
    b = 10 * torch.arange(1, 1 + torch.Size(other).numel()).view(other)
    rows, columns = (shape[0] if len(shape) > 1 else 1), shape[-1]
    figure = blank(min(8.0, 3 * SIDE * columns + 1.6), SIDE * rows + 0.7)
    for axes, tensor, title in zip(
        figure.subplots(1, 3),
        (a, b, a + b),
        (_show(one), f"+ {_show(other)}", f"= {_show(tuple(shape))}"),
        strict=True,
    ):
        cells(axes, tensor.expand(shape).reshape(rows, columns), title)
        for text, copied in zip(axes.texts, _copied(tensor, rows, columns), strict=True):
            if copied:
                text.set(color=GREY, style="italic")
    total = (a + b).reshape(rows, columns).tolist()
    return Picture(
        figure,
        f"Shape {_show(one)} plus shape {_show(other)} gives shape {_show(tuple(shape))}. The "
        f"first holds 1, 2, 3 and so on, the second 10, 20, 30. Sums, row by row: {total}. Numbers "
        "that broadcasting copies are grey.",
    )


def _show(shape: tuple[int, ...]) -> str:
    return str(tuple(shape))


def _copied(tensor: Tensor, rows: int, columns: int) -> list[bool]:
    """For each cell of the grid, whether it is a copy of one before it."""
    own_columns = tensor.shape[-1]
    own_rows = tensor.shape[0] if tensor.dim() > 1 else 1
    return [r >= own_rows or c >= own_columns for r in range(rows) for c in range(columns)]


def _clash(one: tuple[int, ...], other: tuple[int, ...]) -> Picture:
    text = f"{_show(one)} + {_show(other)} does not fit"
    figure = blank(5.0, 0.7)
    figure.text(0.5, 0.5, text, ha="center", va="center", fontsize=11)
    return Picture(figure, text + ": lined up from the right, two sizes differ and neither is 1.")
