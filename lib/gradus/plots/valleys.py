"""Valleys: curves over sizes, each with its lowest point."""

from collections.abc import Mapping, Sequence

from gradus.plots.picture import COLOURS, DASHES, MARKERS, Number, Picture, blank

Curve = tuple[Sequence[Number], Sequence[Number]]


def valleys(
    of: Mapping[str, Curve],
    lowest: Mapping[str, tuple[Number, Number]],
    x_label: str,
    y_label: str,
    title: str = "",
    measured: Mapping[str, Curve] | None = None,
    y_span: tuple[Number, Number] | None = None,
) -> Picture:
    """Draw a curve (sizes, heights) for each name over a logarithmic axis, its lowest point ringed.

    `measured` holds the points that a curve was fitted to, where there are any; a name may stand
    there without a curve. `y_span` fixes the heights shown.
    """
    measured = measured or {}
    figure = blank(7.5, 4.0)
    axes = figure.subplots()
    told = []
    for number, name in enumerate(dict.fromkeys([*of, *measured])):
        colour = COLOURS[number % len(COLOURS)]
        dash, marker = DASHES[number % len(DASHES)], MARKERS[number % len(MARKERS)]
        if name in of:
            axes.plot(*of[name], color=colour, linestyle=dash, label=name)
        if name in measured:
            label = None if name in of else name
            axes.plot(*measured[name], marker, color=colour, markersize=6, label=label)
            points = zip(*measured[name], strict=True)
            told.append(f"{name}: " + ", ".join(f"{y:.3g} at {x:.3g}" for x, y in points))
        if name in lowest:
            x, y = lowest[name]
            axes.plot([x], [y], "o", color=colour, markersize=13, markerfacecolor="none")
            told.append(f"{name}: lowest at {x:.3g}, with {y:.4g}")
    axes.set(xscale="log", xlabel=x_label, ylabel=y_label)
    if y_span:
        axes.set_ylim(*y_span)
    axes.set_title(title, fontsize=11)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Curves. {title}. {y_label} against {x_label}. {'; '.join(told)}.")
