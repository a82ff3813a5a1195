"""A map of models: how large they are, and how much they have read."""

from collections.abc import Mapping, Sequence

from gradus.plots.picture import COLOURS, DASHES, Number, Picture, blank

Place = tuple[Number, Number]  # parameters, tokens
BUDGETS = (1e20, 1e21, 1e22, 1e23, 1e24, 1e25)  # FLOPs: a thin line for each


def model_map(
    models: Mapping[str, Place],
    paths: Mapping[str, Sequence[Place]],
    title: str = "",
    left: Sequence[str] = (),
    below: Sequence[str] = (),
) -> Picture:
    """Draw each model at (parameters, tokens), and a line along each path; both axes logarithmic.

    Thin lines join what costs the same to train: 6 FLOPs for each parameter and token. The names
    in `left` and `below` are written there, where they would cover others on the right.
    """
    figure = blank(8, 5.4)
    axes = figure.subplots()
    sizes = [size for size, _ in models.values()]
    reads = [tokens for _, tokens in models.values()]
    span = (min(sizes) / 2, max(sizes) * 3)
    for flops in BUDGETS:
        ends = [flops / 6 / size for size in span]
        axes.plot(span, ends, color="0.8", linewidth=0.8, zorder=0)
        place = min(max(flops / 6 / (max(reads) * 2.2), span[0] * 1.1), span[1])
        axes.annotate(
            f"{flops:.0e}".replace("e+", "e"), (place, flops / 6 / place), fontsize=8,
            color="0.45", ha="left", va="top",
        )  # fmt: skip
    for number, (name, path) in enumerate(paths.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        x, y = zip(*path, strict=True)
        axes.plot(x, y, color=colour, linestyle=dash, label=name)
    for name, (size, tokens) in models.items():
        axes.plot([size], [tokens], "o", color="black", markersize=5)
        to_left, under = name in left, name in below
        axes.annotate(
            name, (size, tokens), xytext=(-6 if to_left else 6, -5 if under else 4),
            textcoords="offset points", ha="right" if to_left else "left",
            va="top" if under else "bottom", fontsize=8.5,
        )  # fmt: skip
    axes.set(
        xscale="log", yscale="log", xlim=span, ylim=(min(reads) / 3, max(reads) * 2.5),
        xlabel="parameters", ylabel="tokens of training",
    )  # fmt: skip
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    if paths:
        figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    told = "; ".join(
        f"{name}: {size:.3g} parameters, {tokens:.3g} tokens, {tokens / size:.3g} for each"
        for name, (size, tokens) in models.items()
    )
    lines = f" Lines: {', '.join(paths)}." if paths else ""
    return Picture(figure, f"Map of models. {title}. {told}.{lines}")
