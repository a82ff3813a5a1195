"""Bars: a few numbers with names, to be compared by length."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

from gradus.plots.picture import COLOURS, HATCHES, Number, Picture, blank, short

TITLE = 80  # letters in a line of the title


def bars(
    labels: Sequence[str],
    values: Mapping[str, Sequence[Number]],
    x_label: str,
    title: str = "",
    longest: Number | None = None,
) -> Picture:
    """Draw a lying bar for every label, one beside the other for each name in `values`.

    `longest` fixes the length of the axis, so that pictures behind a slider can be compared.
    """
    thick = 0.8 / len(values)
    written = "\n".join(part for line in title.split("\n") for part in wrap(line, TITLE) or [""])
    height = 0.32 * len(labels) * max(1, 0.7 * len(values)) + 1.1
    figure = blank(7, max(1.8, height) + 0.18 * written.count("\n"))
    axes = figure.subplots()
    for number, (name, numbers) in enumerate(values.items()):
        places = [row + number * thick for row in range(len(labels))]
        drawn = axes.barh(
            places,
            numbers,
            height=thick * 0.92,
            color=COLOURS[number % len(COLOURS)],
            hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white",
            linewidth=0,
            label=name,
        )
        axes.bar_label(drawn, [short(value) for value in numbers], padding=3, fontsize=9)
    axes.set_yticks([row + 0.4 - thick / 2 for row in range(len(labels))], labels)
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
    axes.invert_yaxis()  # the first label on top, as one reads
    top = longest or max(max(numbers) for numbers in values.values())
    axes.set_xlim(0, 1.1 * top)
    axes.set_xlabel(x_label)
    figure.suptitle(written, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    if len(values) > 1:
        figure.legend(loc="outside lower center", ncols=len(values), frameon=False)
    told = "; ".join(
        f"{label}: "
        + ", ".join(f"{name} {short(numbers[row])}".strip() for name, numbers in values.items())
        for row, label in enumerate(labels)
    )
    return Picture(figure, f"Bar chart. {title}. {x_label}. {told}.")
