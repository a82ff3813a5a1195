"""Curves: numbers that were measured one after another, and levels to hold them against."""

from collections.abc import Mapping, Sequence

from gradus.plots.picture import COLOURS, DASHES, MARKERS, Number, Picture, blank

Curve = tuple[Sequence[Number], Sequence[Number]]
MOST_MARKED = 12


def curves(
    of: Mapping[str, Curve],
    x_label: str,
    y_label: str,
    title: str = "",
    levels: Mapping[str, Number] | None = None,
    x_end: Number | None = None,
    y_span: tuple[Number, Number] | None = None,
) -> Picture:
    """Draw a curve (xs, ys) for each name, and a thin line across the picture for each level.

    `x_end` and `y_span` fix the axes, so that a picture that is drawn again and again stands still.
    """
    levels = levels or {}
    figure = blank(7.5, 3.8)
    axes = figure.subplots()
    for number, (name, (x, y)) in enumerate(of.items()):
        axes.plot(
            x,
            y,
            color=COLOURS[number % len(COLOURS)],
            linestyle=DASHES[number % len(DASHES)],
            marker=MARKERS[number % len(MARKERS)] if len(of) > 1 else "",
            markevery=max(1, len(y) // MOST_MARKED),
            markersize=5,
            label=name,
        )
    if x_end is not None:
        axes.set_xlim(0, x_end)
    if y_span:
        axes.set_ylim(*y_span)
    for name, height in levels.items():
        axes.axhline(height, color="0.4", linewidth=1, linestyle=(0, (1, 2)))
        axes.annotate(
            f"{name} {height:.2f}", (1, height), xycoords=("axes fraction", "data"),
            xytext=(-4, 3), textcoords="offset points", ha="right", fontsize=9, color="0.25",
        )  # fmt: skip
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title, fontsize=11)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if len(of) > 1:
        axes.legend(frameon=False)
    told = [f"{name}: {_told(x, y)}" for name, (x, y) in of.items() if len(y)]
    told += [f"level {name}: {height:.3g}" for name, height in levels.items()]
    return Picture(figure, f"Line chart. {title}. {y_label} against {x_label}. {'; '.join(told)}.")


def _told(x: Sequence[Number], y: Sequence[Number]) -> str:
    places = sorted({0, len(y) // 4, len(y) // 2, 3 * len(y) // 4, len(y) - 1})
    return ", ".join(f"{y[place]:.3g} at {x[place]:g}" for place in places)
