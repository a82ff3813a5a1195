"""A map of words: those that are drawn near each other have similar vectors."""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from torch import Tensor

from gradus.plots.picture import COLOURS, MARKERS, Picture, blank


def word_map(
    places: Mapping[str, Float[Tensor, "2"]], groups: Mapping[str, Sequence[str]], title: str = ""
) -> Picture:
    """Draw each word at its place; the words of a group share a colour and a marker."""
    figure = blank(7, 5.2)
    axes = figure.subplots()
    told = []
    for number, (group, words) in enumerate(groups.items()):
        colour = COLOURS[number % len(COLOURS)]
        x, y = zip(*(places[word].tolist() for word in words), strict=True)
        axes.scatter(x, y, color=colour, marker=MARKERS[number % len(MARKERS)], s=36, label=group)
        for word, here in zip(words, zip(x, y, strict=True), strict=True):
            axes.annotate(word, here, (5, 3), textcoords="offset points", color=colour, fontsize=10)
        at = f"around ({sum(x) / len(x):.2f}, {sum(y) / len(y):.2f})"
        told.append(f"{group} ({', '.join(words)}) {at}")
    axes.margins(x=0.12, y=0.08)
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=11)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return Picture(figure, f"A map of words. {title}. {'; '.join(told)}.")
