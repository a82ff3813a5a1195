"""Stack: what several wholes are made of, in one unit, and how much there is room for."""

from collections.abc import Mapping, Sequence

from gradus.plots.picture import COLOURS, HATCHES, Number, Picture, blank

SMALLEST = 0.07  # of the axis: a piece that is narrower has no number in it


def stack(
    labels: Sequence[str],
    parts: Mapping[str, Sequence[Number]],
    x_label: str,
    title: str = "",
    room: Mapping[str, Number] | None = None,
    longest: Number | None = None,
) -> Picture:
    """Draw a bar for every label, one piece after another for each name in `parts`.

    `room` draws a line across all bars at each of its numbers. `longest` fixes the axis, so that
    pictures behind a slider can be compared.
    """
    room = room or {}
    wholes = [sum(column) for column in zip(*parts.values(), strict=True)]
    end = longest or 1.12 * max([*wholes, *room.values()])
    figure = blank(7.5, 0.5 * len(labels) + (1.9 if room else 1.6))
    axes = figure.subplots()
    left = [0.0] * len(labels)
    for number, (name, values) in enumerate(parts.items()):
        drawn = axes.barh(
            range(len(labels)),
            values,
            left=left,
            height=0.62,
            color=COLOURS[number % len(COLOURS)],
            hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white",
            linewidth=1,
            label=name,
        )
        written = [amount(value) if value >= SMALLEST * end else "" for value in values]
        plain = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        for text in axes.bar_label(drawn, written, label_type="center", fontsize=9):
            text.set_bbox(plain)
            text.set_visible(bool(text.get_text()))
        left = [start + value for start, value in zip(left, values, strict=True)]
    for row, whole in enumerate(wholes):
        axes.annotate(
            amount(whole), (min(whole, end), row), xytext=(5 if whole <= 0.9 * end else -5, 0),
            textcoords="offset points", va="center", ha="left" if whole <= 0.9 * end else "right",
            fontsize=10, fontweight="bold",
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
    for name, place in room.items():
        axes.axvline(place, color="0.15", linewidth=1.5, linestyle=(0, (4, 2)))
        axes.annotate(
            name, (place, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", fontsize=9,
        )  # fmt: skip
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()  # the first label on top, as one reads
    axes.set_xlim(0, end)
    axes.set_xlabel(x_label)
    axes.set_title(title, fontsize=11, pad=18 if room else 6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside lower center", ncols=len(parts), frameon=False)
    told = "; ".join(
        f"{label}: {amount(whole)} = "
        + " + ".join(f"{name} {amount(values[row])}" for name, values in parts.items())
        for row, (label, whole) in enumerate(zip(labels, wholes, strict=True))
    )
    lines = "".join(f" {name}: {amount(place)}." for name, place in room.items())
    return Picture(figure, f"Stacked bars. {title}. {x_label}. {told}.{lines}")


def amount(number: Number) -> str:
    """Write a number to three figures, without an exponent: 26954 is 26,954, 0.1234 is 0.123."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number + 0:.3g}"
