"""Shares: what wholes of very different size are made of, all drawn equally long."""

from collections.abc import Mapping, Sequence

from gradus.plots.picture import COLOURS, HATCHES, Number, Picture, blank

SMALLEST = 0.06  # a share below this is too narrow to write in


def shares(
    labels: Sequence[str], parts: Mapping[str, Sequence[Number]], x_label: str, title: str = ""
) -> Picture:
    """Draw a bar for every label, cut into one piece for each name in `parts`, by its share."""
    wholes = [sum(column) for column in zip(*parts.values(), strict=True)]
    figure = blank(7.5, 0.45 * len(labels) + 1.3 + 0.2 * -(-len(parts) // 4))
    axes = figure.subplots()
    left = [0.0] * len(labels)
    # When the colours begin again, the hatches are one further on: no two parts look alike.
    for number, (name, values) in enumerate(parts.items()):
        widths = [value / whole for value, whole in zip(values, wholes, strict=True)]
        drawn = axes.barh(
            range(len(labels)),
            widths,
            left=left,
            height=0.7,
            color=COLOURS[number % len(COLOURS)],
            hatch=HATCHES[(number + number // len(COLOURS)) % len(HATCHES)],
            edgecolor="white",
            linewidth=1,
            label=name,
        )
        written = [f"{width:.0%}" if width >= SMALLEST else "" for width in widths]
        plain = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        for text in axes.bar_label(drawn, written, label_type="center", fontsize=9):
            if text.get_text():
                text.set_bbox(plain)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()  # the first label on top, as one reads
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(x_label)
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside lower center", ncols=min(len(parts), 4), frameon=False)
    told = "; ".join(
        f"{label}: "
        + ", ".join(f"{name} {values[row] / wholes[row]:.1%}" for name, values in parts.items())
        for row, label in enumerate(labels)
    )
    return Picture(figure, f"Stacked bars. {title}. {x_label}. {told}.")
