"""Explore decoding: three sliders, the tokens that survive them, and the text that comes of it."""

from collections.abc import Callable, Sequence
from html import escape

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from gradus.explore.explorer import Explorer
from gradus.plots import Picture
from gradus.plots.bars import bars

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0)
KS = (1, 2, 3, 5, 10, 20, 50, 100)
PS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
SHOWN = 12  # tokens that have a bar

# (logits, temperature, k, p) to logits, and (temperature, k, p) to a text.
Change = Callable[[Float[Tensor, "1 vocab"], float, int, float], Float[Tensor, "1 vocab"]]
Write = Callable[[float, int, float], str]


class Described(Picture):
    """A picture with its words below it, for everyone to read."""

    def __init__(self, figure: Figure, alt: str, below: str) -> None:
        super().__init__(figure, alt)
        self.below = below

    def html(self) -> str:
        """Return the image, and the words below it."""
        return f'{super().html()}<div aria-live="polite">{self.below}</div>'


class SamplingPlayground(Explorer):
    """A next-token distribution, changed by temperature, top-k and top-p.

    `logits` holds the logits of one place, `names` the tokens as they are to be shown. `change`
    makes the logits that are drawn from; `write`, if given, writes a text in the same way. All of
    this is done again whenever a slider moves.
    """

    def __init__(
        self,
        logits: Float[Tensor, "1 vocab"],
        names: Sequence[str],
        change: Change,
        write: Write | None = None,
    ) -> None:
        shares = logits[0].softmax(-1).cpu()
        order = shares.argsort(descending=True, stable=True)[:SHOWN].tolist()

        def draw(temperature: float, k: int, p: float) -> Picture:
            changed = change(logits, temperature, k, p)[0].softmax(-1).cpu()
            alive = int((changed > 0).sum())
            mass = shares[changed > 0].sum().item()
            title = f"{alive:,} of {len(shares):,} tokens can come; they had {mass:.1%} of the mass"
            values = {
                "the model's": shares[order].tolist(),
                "what is drawn from": changed[order].tolist(),
            }
            end = axis_end(max(shares[order].max().item(), changed[order].max().item()))
            picture = bars([names[i] for i in order], values, "probability", title, end)
            text = "" if write is None else write(temperature, k, p)
            return Described(picture.figure, picture.alt, told(changed, names, alive, text))

        choices = {"temperature": TEMPERATURES, "top-k": [*KS, len(shares)], "top-p": PS}
        super().__init__(draw, choices)
        for slider, value in zip(self.sliders, (1.0, len(shares), 1.0), strict=True):
            slider.value = value


def axis_end(largest: float) -> float:
    """Return an end for an axis of probabilities that moves in few steps only."""
    return next(end for end in (0.1, 0.25, 0.5, 1.0, largest) if largest <= end)


def told(shares: Float[Tensor, " vocab"], names: Sequence[str], alive: int, text: str) -> str:
    """Say in HTML which tokens can come and how likely they are, and show the text."""
    first = shares.argsort(descending=True, stable=True)[: min(SHOWN, alive)].tolist()
    tokens = ", ".join(f"<b>{escape(names[i])}</b> {shares[i].item():.1%}" for i in first)
    more = f", and {alive - len(first):,} more" if alive > len(first) else ""
    written = f"<p>The text: <i>{escape(text)}</i></p>" if text else ""
    return f"<p>Can come: {tokens}{more}.</p>{written}"
