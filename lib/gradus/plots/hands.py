"""Hands: pairs of numbers as the hands of clocks, before and after they were turned."""

import math

from jaxtyping import Float
from torch import Tensor

from gradus.plots.picture import COLOURS, Picture, blank


def clock_hands(
    before: Float[Tensor, "pair 2"], after: Float[Tensor, "pair 2"], title: str = ""
) -> Picture:
    """Draw a clock for each pair: a thin grey hand where it was, a thick one where it is now."""
    figure = blank(1.7 * len(before), 2.4)
    told = []
    row = figure.subplots(1, len(before), squeeze=False)[0]
    for number, (axes, old, new) in enumerate(zip(row, before, after, strict=True)):
        reach = 1.25 * max(float(old.norm()), float(new.norm()), 1e-9)
        round_ = [2 * math.pi * step / 60 for step in range(61)]
        length = float(old.norm())
        axes.plot(
            [length * math.cos(angle) for angle in round_],
            [length * math.sin(angle) for angle in round_],
            color="#bbbbbb",
            linewidth=1,
        )
        axes.plot([0, float(old[0])], [0, float(old[1])], color="#666666", linestyle="--")
        axes.plot([0, float(new[0])], [0, float(new[1])], color=COLOURS[0], linewidth=3)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[], aspect="equal")
        degrees = math.degrees(math.atan2(new[1], new[0]) - math.atan2(old[1], old[0])) % 360
        axes.set_title(f"pair {number}", fontsize=10)
        axes.set_xlabel(f"{degrees:.0f}°", fontsize=10)
        told.append(f"pair {number} by {degrees:.0f} degrees")
    figure.suptitle(title, fontsize=11)
    return Picture(figure, f"Clocks with a hand for each pair. {title}. Turned: {', '.join(told)}.")
