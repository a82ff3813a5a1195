"""Watch a model learn: its loss as a growing line, and what it writes."""

import time
from collections.abc import Mapping
from html import escape

import ipywidgets as widgets

from gradus.plots.curves import curves

PAUSE = 2.0  # seconds between two drawings: drawing takes time from the training
SMOOTH = 20  # steps in the mean that is drawn


class TrainingPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets is not annotated
    """A progress bar, the loss so far, and the samples so far; `add` after every step.

    `levels` are losses to be reached or beaten, by name. `steps`, `losses` and `samples` hold all
    that was added.
    """

    def __init__(self, most: int, levels: Mapping[str, float]) -> None:
        self.most = most
        self.levels = dict(levels)
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.samples: list[tuple[int, str]] = []
        self.drawn = 0.0
        self.bar = widgets.IntProgress(0, 0, most, description="steps", layout={"width": "40em"})
        self.picture = widgets.HTML()
        self.written = widgets.HTML()
        super().__init__([self.bar, self.picture, self.written])

    def add(self, step: int, loss: float, sample: str | None = None) -> None:
        """Note the loss of a step, counted from 0, and perhaps a text that the model wrote then."""
        self.steps.append(step)
        self.losses.append(loss)
        if sample is not None:
            self.samples.append((step, sample))
        last = step + 1 >= self.most
        if sample is not None or last or time.monotonic() - self.drawn > PAUSE:
            self.draw()

    def smooth(self) -> list[float]:
        """The losses, each the mean of itself and the few before it."""
        windows = (self.losses[max(0, i - SMOOTH + 1) : i + 1] for i in range(len(self.losses)))
        return [sum(window) / len(window) for window in windows]

    def draw(self) -> None:
        """Draw everything again."""
        self.drawn = time.monotonic()
        self.bar.value = len(self.steps)
        top = max([*self.levels.values(), *self.losses]) * 1.05
        smooth = self.smooth()
        title = f"Step {self.steps[-1]}: loss {smooth[-1]:.2f}" if smooth else "Not begun"
        self.picture.value = curves(
            {"loss": (self.steps, smooth)}, "step", "loss in nats", title, self.levels,
            x_end=self.most, y_span=(0, top),
        ).html()  # fmt: skip
        self.written.value = "".join(
            f"<p><b>step {step}</b><br><code>{escape(text)}</code></p>"
            for step, text in self.samples
        )
