"""Maps of attention: a row for every query, a column for every key, darker where more is read."""

from collections.abc import Sequence

from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from gradus.plots.picture import Picture, blank

MOST_NUMBERS = 10  # a map with more columns than this shows no numbers
MOST_SPOKEN = 30  # and one with more rows than this is not told row by row


def attention_map(
    weights: Float[Tensor, "query key"],
    queries: Sequence[str],
    keys: Sequence[str] | None = None,
    title: str = "",
    mask: Bool[Tensor, "query key"] | None = None,
    shade: str = "share of the query's attention",
) -> Picture:
    """Draw one head's attention weights; keys that `mask` hides are hatched.

    `queries` names the rows and `keys` the columns, `queries` again where it is not given. `shade`
    says what the numbers are, where they are no weights.
    """
    keys = queries if keys is None else keys
    values = weights.detach().float().cpu()
    figure, axes, side = _frame(queries, keys, title)
    image = axes.imshow(values.numpy(), cmap="Blues", vmin=0, vmax=1, aspect="equal")
    if len(keys) <= MOST_NUMBERS:
        figures = [[f"{value:.2f}" for value in row] for row in values.tolist()]
        _write(axes, figures, values, size=min(9.0, 16 * side))
    if mask is not None:
        _hatch(axes, mask)
    figure.colorbar(image, ax=axes, shrink=0.6, label=shade)
    hidden = "" if mask is None else f" {int((~mask).sum())} pairs are hidden by the mask."
    return Picture(figure, f"Attention map. {title}. {_spoken(values, queries, keys)}{hidden}")


def attention_maps(
    weights: Float[Tensor, "head query key"], titles: Sequence[str], columns: int = 4
) -> Picture:
    """Draw the maps of several heads side by side, to compare their patterns."""
    rows = -(-len(titles) // columns)
    figure = blank(8, 2.15 * rows + 0.2)
    panels = figure.subplots(rows, columns, squeeze=False).flatten()
    for axes in panels:
        axes.axis("off")
    for axes, head, title in zip(panels, weights.detach().float().cpu(), titles, strict=False):
        axes.axis("on")
        axes.imshow(head.numpy(), cmap="Blues", vmin=0, vmax=1, aspect="equal")
        axes.set(xticks=[], yticks=[], title=title)
        axes.title.set_fontsize(10)
    panels[0].set_xlabel("key", fontsize=9)
    panels[0].set_ylabel("query", fontsize=9)
    patterns = "; ".join(
        f"{title}: {_habit(head)}" for title, head in zip(titles, weights, strict=True)
    )
    return Picture(figure, f"{len(titles)} attention maps side by side. {patterns}.")


def mask_map(
    mask: Bool[Tensor, "query key"],
    queries: Sequence[str],
    keys: Sequence[str] | None = None,
    title: str = "",
) -> Picture:
    """Draw a mask: a tick where the query may read the key, hatching where it may not."""
    keys = queries if keys is None else keys
    figure, axes, side = _frame(queries, keys, title)
    values = mask.detach().float().cpu()
    axes.imshow(values.numpy(), cmap="Blues", vmin=0, vmax=2, aspect="equal")
    ticks = [["✓" if seen else "" for seen in row] for row in mask.tolist()]
    _write(axes, ticks, values / 2, size=min(11.0, 20 * side))
    _hatch(axes, mask)
    rows = [
        f"{query} may read {', '.join(k for k, seen in zip(keys, row, strict=True) if seen) or '-'}"
        for query, row in zip(queries, mask.tolist(), strict=True)
    ]
    return Picture(figure, f"Mask. {title}. {'; '.join(rows)}.")


def _frame(queries: Sequence[str], keys: Sequence[str], title: str) -> tuple[Figure, Axes, float]:
    """Return a figure, axes with the words along two sides, and the side of a cell in inches."""
    side = min(0.45, 5.2 / max(len(queries), len(keys)))
    figure = blank(min(8.0, side * len(keys) + 2.6), max(2.2, side * len(queries) + 1.6))
    axes = figure.subplots()
    size = max(6.0, min(10.0, 34 * side))
    axes.set_xticks(range(len(keys)), keys, rotation=90 if len(keys) > 4 else 0, fontsize=size)
    axes.set_yticks(range(len(queries)), queries, fontsize=size)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_parse_math(False)  # a dollar sign is a word like any other
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    axes.set_xlabel("key: what is read")
    axes.set_ylabel("query: who reads")
    axes.set_title(title, fontsize=11)
    return figure, axes, side


def _write(axes: Axes, texts: list[list[str]], values: Tensor, size: float) -> None:
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            colour = "white" if values[row, column] > 0.55 else "black"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=size)


def _hatch(axes: Axes, mask: Tensor) -> None:
    for row, column in (~mask).nonzero().tolist():
        corner = (column - 0.5, row - 0.5)
        axes.add_patch(
            Rectangle(corner, 1, 1, facecolor="#f2f2f2", edgecolor="#c8c8c8", hatch="///", lw=0)
        )


def _spoken(values: Tensor, queries: Sequence[str], keys: Sequence[str]) -> str:
    most, where = values.max(dim=-1)
    told = [
        f"{query} reads {keys[key]} most ({share:.2f})"
        for query, key, share in zip(queries, where.tolist(), most.tolist(), strict=True)
    ]
    rest = f", and {len(told) - MOST_SPOKEN} more rows" if len(told) > MOST_SPOKEN else ""
    return "; ".join(told[:MOST_SPOKEN]) + rest + "."


def _habit(head: Tensor) -> str:
    """Say which distance back a head reads most, and how much of its attention goes there."""
    size = min(head.shape)
    shares = [head.diagonal(-back).sum().item() / (size - back) for back in range(size // 2 + 1)]
    back = max(range(len(shares)), key=shares.__getitem__)
    where = {0: "the word itself", 1: "the word before"}.get(back, f"{back} words back")
    return f"most often reads {where} (on average {shares[back]:.2f})"
