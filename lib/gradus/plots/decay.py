"""Lines on a logarithmic height: what shrinks by the same factor at every step is straight."""

from collections.abc import Mapping, Sequence

from gradus.plots.lines import MOST_MARKED
from gradus.plots.picture import COLOURS, DASHES, MARKERS, Picture, blank


def decays(
    ys: Mapping[str, Sequence[float]],
    x_label: str,
    y_label: str,
    title: str = "",
    span: tuple[float, float] | None = None,
) -> Picture:
    """Draw one line for each name in `ys`, against 0, 1, 2 ...; `span` fixes the heights shown."""
    figure = blank(7.0, 3.8)
    axes = figure.subplots()
    for number, (name, y) in enumerate(ys.items()):
        axes.plot(
            range(len(y)),
            y,
            color=COLOURS[number % len(COLOURS)],
            linestyle=DASHES[number % len(DASHES)],
            marker=MARKERS[number % len(MARKERS)],
            markevery=max(1, len(y) // MOST_MARKED),
            markersize=5,
            label=name,
        )
    axes.set_yscale("log")
    if span:
        axes.set_ylim(*span)
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title, fontsize=11)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if len(ys) > 1:
        axes.legend(frameon=False)
    told = "; ".join(f"{name}: {_points(y)}" for name, y in ys.items())
    return Picture(
        figure,
        f"Line chart. {title}. {y_label} against {x_label}; heights are logarithmic. {told}.",
    )


def _points(y: Sequence[float]) -> str:
    places = sorted({0, len(y) // 4, len(y) // 2, len(y) - 1})
    return ", ".join(f"{y[place]:.2g} at {place}" for place in places)
