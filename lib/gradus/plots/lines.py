"""Lines: how some numbers grow or fall with another."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.ticker import LogLocator

from gradus.plots.picture import COLOURS, DASHES, MARKERS, Number, Picture, blank

MOST_MARKED = 20  # a line with more points than this shows only some of its markers


def power(x: Sequence[Number], y: Sequence[Number]) -> tuple[float, float]:
    """Fit y = factor * x**exponent, by least squares on the logarithms; return exponent, factor."""
    a, b = [math.log(value) for value in x], [math.log(value) for value in y]
    middle, height = sum(a) / len(a), sum(b) / len(b)
    above = sum((p - middle) * (q - height) for p, q in zip(a, b, strict=True))
    exponent = above / sum((p - middle) ** 2 for p in a)
    return exponent, math.exp(height - exponent * middle)


def lines(
    x: Sequence[Number],
    ys: Mapping[str, Sequence[Number]],
    x_label: str,
    y_label: str,
    title: str = "",
    log: bool = False,
    fit_last: int = 0,
) -> Picture:
    """Draw one line for each name in `ys`; `log` makes both axes logarithmic.

    `fit_last` fits a power law through that many last points of each line and writes the exponent,
    which is the slope on logarithmic axes, beside its name.
    """
    figure = blank(7, 3.8)
    axes = figure.subplots()
    many = len(ys) > 1  # lines to tell apart
    told = []
    for number, (name, y) in enumerate(ys.items()):
        colour = COLOURS[number % len(COLOURS)]
        label, story = name, f"{name}: from {y[0]:.3g} to {y[-1]:.3g}"
        if fit_last:
            exponent, factor = power(x[-fit_last:], y[-fit_last:])
            label = f"{name}: slope {exponent:.2f}"
            story += f", fitted slope {exponent:.2f}"
            fitted = [factor * value**exponent for value in x[-fit_last:]]
            axes.plot(x[-fit_last:], fitted, color=colour, linestyle=":", linewidth=1.5)
        axes.plot(
            x,
            y,
            color=colour,
            linestyle=("none" if fit_last else DASHES[number % len(DASHES)]),
            marker=MARKERS[number % len(MARKERS)] if many or len(y) <= MOST_MARKED else "",
            markevery=max(1, len(y) // MOST_MARKED),
            markersize=5,
            label=label,
        )
        told.append(story)
    if log:
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(x, [f"{value:g}" for value in x])
        # A decade without a number on it says little: within two decades, mark 1, 2 and 5.
        low, high = axes.get_ylim()
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.minorticks_off()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title, fontsize=11)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if many or fit_last:
        axes.legend(frameon=False)
    scale = " Both axes are logarithmic." if log else ""
    alt = f"Line chart. {title}. {y_label} against {x_label}, {x[0]:g} to {x[-1]:g}.{scale} "
    return Picture(figure, alt + "; ".join(told) + ".")
