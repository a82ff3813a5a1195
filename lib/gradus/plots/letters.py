"""A table of letters: what comes after what."""

from jaxtyping import Real
from torch import Tensor

from gradus.plots.picture import Picture, blank


def letter_table(table: Real[Tensor, "letter next"], alphabet: str, title: str = "") -> Picture:
    """Draw a square for each pair of letters, darker where the number is larger.

    The shade follows the square root of the number, so that small ones show beside large ones.
    """
    names = ["␣" if letter == " " else letter for letter in alphabet]
    values = table.detach().cpu().double()
    figure = blank(6.4, 5.8)
    axes = figure.subplots()
    image = axes.imshow(values.sqrt().numpy(), cmap="Blues", vmin=0)
    axes.set_xticks(range(len(names)), names, fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="next letter", ylabel="letter")
    axes.set_title(title, fontsize=11)
    bar = figure.colorbar(image, ax=axes, shrink=0.6)
    ticks = [tick for tick in bar.get_ticks() if tick <= image.get_clim()[1]]
    bar.set_ticks(ticks, labels=[_show(tick**2) for tick in ticks])
    most, where = values.max(dim=-1)
    favourites = ", ".join(
        f"{name} {names[place]}" if count else f"{name} nothing"
        for name, place, count in zip(names, where.tolist(), most.tolist(), strict=True)
    )
    return Picture(
        figure,
        f"A table of {len(names)} by {len(names)} squares, a row for each letter and a column for "
        f"the next. {title}. Each letter with what follows it most (␣ is the space): {favourites}.",
    )


def _show(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
