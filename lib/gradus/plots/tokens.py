"""Tokens as a strip of boxes: what a model is given in the place of a text."""

import unicodedata
from collections.abc import Sequence
from html import escape

from gradus.plots.shown import Shown
from gradus.tokenizer import Tokenizer

MOST_SHOWN = 400  # tokens in one strip

# Neighbours differ in the shade and in the line below them.
SHADES = ["#d6e9f8", "#fbe3d0", "#d3f0e3", "#f4e2ee"]
UNDERLINES = ["solid", "dashed", "dotted", "double"]

VISIBLE = {" ": "␣", "\n": "⏎", "\r": "␍", "\t": "⇥"}


def visible(token: bytes) -> str:
    """Write a token so that spaces can be seen; bytes that are no character in hexadecimal."""
    try:
        text = token.decode()
    except UnicodeDecodeError:
        return f"‹{token.hex(' ').upper()}›"
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in VISIBLE:
        return VISIBLE[character]
    if unicodedata.combining(character):
        return "◌" + character  # an accent needs something to sit on
    return character if character.isprintable() else f"U+{ord(character):04X}"


class TokenStrip(Shown):
    """The tokens of a text, side by side: each with its id and, if wanted, its bytes."""

    def __init__(
        self, ids: Sequence[int], tokens: Sequence[bytes], title: str = "", show_bytes: bool = False
    ) -> None:
        self.ids, self.tokens, self.title, self.show_bytes = ids, tokens, title, show_bytes

    @property
    def alt(self) -> str:
        """Tell the tokens in words."""
        named = f"{self.title}: " if self.title else ""
        told = ", ".join(
            f'"{visible(token)}" ({one})' for one, token in zip(self.ids, self.tokens, strict=True)
        )
        return f"{named}{self._count()}: {told or 'nothing'}"

    def html(self) -> str:
        """Return the strip as a list of boxes, which a screen reader reads as one."""
        boxes = "".join(
            self._box(place, one, token)
            for place, (one, token) in enumerate(
                zip(self.ids[:MOST_SHOWN], self.tokens[:MOST_SHOWN], strict=True)
            )
        )
        hidden = len(self.ids) - MOST_SHOWN
        rest = f"<span> … and {hidden:,} more</span>" if hidden > 0 else ""
        title = f"<b>{escape(self.title)}</b> · " if self.title else ""
        return (
            '<div style="margin:0.4em 0">'
            f'<div style="margin-bottom:0.2em">{title}{self._count()}</div>'
            f'<div role="list" style="line-height:1.25">{boxes}{rest}</div></div>'
        )

    def _count(self) -> str:
        one = "token" if len(self.ids) == 1 else "tokens"
        size = sum(map(len, self.tokens))
        ratio = f", {size / len(self.ids):.2f} bytes a token" if self.ids else ""
        return f"{len(self.ids):,} {one}{ratio}"

    def _box(self, place: int, one: int, token: bytes) -> str:
        shown, code = escape(visible(token)), token.hex(" ").upper()
        below = [str(one), *([code] if self.show_bytes else [])]
        lines = "".join(
            f'<span style="display:block;font-size:0.7em;color:#333">{line}</span>'
            for line in below
        )
        label = escape(f"{visible(token)}, id {one}, bytes {code}")
        return (
            f'<span role="listitem" aria-label="{label}" title="{label}" style="'
            "display:inline-block;margin:1px;padding:1px 4px;text-align:center;"
            "vertical-align:top;max-width:40em;overflow-wrap:anywhere;font-family:monospace;"
            f"color:#111;background:{SHADES[place % len(SHADES)]};border:1px solid #777;"
            f'border-bottom:3px {UNDERLINES[place % len(UNDERLINES)]} #333">'
            f"{shown}{lines}</span>"
        )


def token_strip(
    tokenizer: Tokenizer, text: str, title: str = "", show_bytes: bool = False
) -> TokenStrip:
    """Encode a text and show its tokens, their ids and (with `show_bytes`) their bytes."""
    ids = tokenizer.encode(text)
    return TokenStrip(ids, [tokenizer.token(one) for one in ids], title, show_bytes)
