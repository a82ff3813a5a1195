"""Windows: a window that moves over a text; what it reads, and what is counted."""

from matplotlib.patches import Patch

from gradus.plots.picture import COLOURS, Picture, blank

READ, COUNTED = "0.85", COLOURS[0]


def windows(length: int, window: int, stride: int) -> Picture:
    """Draw one row for each window of `strided_perplexity`, one column for each token it reads.

    Of the `length` tokens of a text, the last is only predicted. Full colour: the next token is
    counted here. Grey: read as context only.
    """
    given = length - 1
    rows, counted = [], 0
    for begin in range(0, given, stride):
        end = min(begin + window, given)
        rows.append((begin, counted, end))
        counted = end
        if end == given:
            break
    figure = blank(7.5, 0.28 * len(rows) + 1.5)
    axes = figure.subplots()
    for row, (begin, first, end) in enumerate(rows):
        for token in range(begin, end):
            new = token >= first
            axes.barh(
                row, 0.9, left=token, height=0.8,
                color=COUNTED if new else READ, hatch="" if new else "///", edgecolor="white",
            )  # fmt: skip
    axes.set_xlim(0, length)
    axes.set_yticks(range(len(rows)), [f"window {row}" for row in range(len(rows))])
    axes.invert_yaxis()
    axes.set_xlabel("token that is read")
    read = sum(end - begin for begin, _, end in rows)
    least = min((first - begin for begin, first, _ in rows[1:]), default=0)
    title = f"Window {window}, stride {stride}: {read} tokens read to count {given}"
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    marks = [
        Patch(facecolor=COUNTED, label="read, and its follower is counted"),
        Patch(facecolor=READ, hatch="///", edgecolor="white", label="read as context only"),
    ]
    figure.legend(handles=marks, loc="outside lower center", ncols=2, frameon=False)
    told = "; ".join(
        f"window {row} reads tokens {begin} to {end - 1} and counts from {first}"
        for row, (begin, first, end) in enumerate(rows)
    )
    alt = f"{title}. After the first window, every counted token has {least} others before it."
    return Picture(figure, f"{alt} {told}.")
