"""A picture: a figure together with its alternative text.

JupyterLab shows a bare matplotlib figure as an image without alternative text, so a picture shows
itself as HTML instead. A terminal gets the text.
"""

import base64
from html import escape
from io import BytesIO

from matplotlib.figure import Figure

Number = int | float

SHARP = 192  # dots an inch in the file: two for each dot on the page
PAGE = 96  # dots an inch on the page

# Told apart with any kind of colour vision (Okabe and Ito 2008), and by marker, dash or hatch too.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"]
MARKERS = ["o", "s", "^", "D"]
DASHES = ["-", "--", "-.", ":"]
HATCHES = ["", "///", "...", "xx"]


def blank(width: Number, height: Number) -> Figure:
    """Return an empty white figure, in inches; it belongs to no window and no backend."""
    figure = Figure(figsize=(width, height), facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    return figure


def short(number: Number) -> str:
    """Write a number in as few figures as can be told apart: 0.9862 is 0.986, 0.00012 is 0."""
    return f"{round(number, 3) + 0:.3g}"


class Picture:
    """A figure, and `alt`: what it shows, in words."""

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = " ".join(alt.split())

    def png(self) -> bytes:
        """Draw the figure as a PNG file."""
        file = BytesIO()
        # Without the metadata, equal figures are equal files whichever matplotlib drew them.
        self.figure.savefig(file, format="png", dpi=SHARP, metadata={"Software": None})
        return file.getvalue()

    def html(self) -> str:
        """Return an image element that holds the drawing and the alternative text."""
        width = round(self.figure.get_figwidth() * PAGE)
        return (
            f'<img alt="{escape(self.alt)}" width="{width}" style="max-width:100%;height:auto" '
            f'src="data:image/png;base64,{base64.b64encode(self.png()).decode()}">'
        )

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:  # called by notebooks
        return {"text/html": self.html(), "text/plain": repr(self)}
