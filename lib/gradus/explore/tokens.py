"""Explore tokenizers: type a text, and see what each makes of it."""

from collections.abc import Mapping

import ipywidgets as widgets

from gradus.plots.tokens import token_strip
from gradus.tokenizer import Tokenizer

ALL = "all, one below the other"
LONGEST = 4000  # characters; more would make typing slow


class TokenizerExplorer(widgets.VBox):  # type: ignore[misc]  # ipywidgets is not annotated
    """A text field above the tokens of its text, by one tokenizer or by all of them.

    `tokenizers` maps a name to each tokenizer, `text` stands in the field at first.
    """

    def __init__(self, tokenizers: Mapping[str, Tokenizer], text: str = "") -> None:
        self.tokenizers = dict(tokenizers)
        self.text = widgets.Textarea(
            text, description="text", layout={"width": "46em", "height": "5em"}
        )
        self.choice = widgets.Dropdown(
            options=[ALL, *self.tokenizers], description="vocabulary", layout={"width": "30em"}
        )
        self.bytes = widgets.Checkbox(False, description="show the bytes", indent=False)
        self.strips = widgets.HTML()
        for control in (self.text, self.choice, self.bytes):
            control.observe(self._changed, names="value")
        self._changed()
        super().__init__([self.text, widgets.HBox([self.choice, self.bytes]), self.strips])

    def _changed(self, change: object = None) -> None:
        """Draw the strips again."""
        # Half of a pair of surrogates, as some keyboards send for a moment, is no text yet.
        text = self.text.value[:LONGEST].encode(errors="replace").decode()
        chosen = list(self.tokenizers) if self.choice.value == ALL else [self.choice.value]
        strips = [
            token_strip(self.tokenizers[name], text, name, self.bytes.value) for name in chosen
        ]
        note = f"<p>Only the first {LONGEST:,} characters are shown.</p>"
        self.strips.value = "".join(strip.html() for strip in strips) + (
            note if len(self.text.value) > LONGEST else ""
        )
