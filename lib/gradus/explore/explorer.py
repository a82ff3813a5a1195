"""The explorer: sliders above a picture that follows them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from gradus.plots import Picture


class Explorer(widgets.VBox):  # type: ignore[misc]  # ipywidgets is not annotated
    """Draw a picture again whenever a slider moves.

    `choices` maps the name of each slider to the values it steps through; where there is only one
    value, no slider is shown. `draw` is called with one value of each, in the same order, and
    returns a picture.
    """

    def __init__(self, draw: Callable[..., Picture], choices: Mapping[str, Sequence[Any]]) -> None:
        self.draw = draw
        self.sliders = [
            widgets.SelectionSlider(
                options=list(values),
                description=name,
                style={"description_width": "initial"},
                layout={"width": "26em"},
            )
            for name, values in choices.items()
        ]
        self.picture = widgets.HTML()
        for slider in self.sliders:
            slider.observe(self._moved, names="value")
        self._moved()
        movable = [slider for slider in self.sliders if len(slider.options) > 1]
        super().__init__([*movable, self.picture])

    def _moved(self, change: object = None) -> None:
        self.picture.value = self.draw(*(slider.value for slider in self.sliders)).html()
