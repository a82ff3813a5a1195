"""Damaged texts: what an encoder reads, and what a decoder has to write."""

from collections.abc import Collection, Mapping, Sequence
from html import escape

from gradus.plots.shown import Shown


class SpanStrip(Shown):
    """Rows of words, one for each name in `rows`; the words in `signs` stand out as boxes.

    A sign stands for something that is not there: a sentinel, a mask, the end.
    """

    def __init__(
        self, rows: Mapping[str, Sequence[str]], signs: Collection[str], title: str = ""
    ) -> None:
        self.rows = {name: list(words) for name, words in rows.items()}
        self.signs, self.title = set(signs), title

    @property
    def alt(self) -> str:
        """Tell the rows in words."""
        told = [f"{name} ({len(words)}): {' '.join(words)}" for name, words in self.rows.items()]
        return " | ".join([self.title, *told] if self.title else told)

    def html(self) -> str:
        """Return the rows, one below the other."""
        title = f"<b>{escape(self.title)}</b>" if self.title else ""
        rows = "".join(
            f'<p style="line-height:1.9;margin:0.3em 0"><i>{escape(name)}</i>, {len(words)} tokens:'
            f"<br>{' '.join(map(self._word, words))}</p>"
            for name, words in self.rows.items()
        )
        return f'<div style="max-width:52em;margin:0.4em 0">{title}{rows}</div>'

    def _word(self, word: str) -> str:
        if word not in self.signs:
            return escape(word)
        return (
            '<span style="padding:0 4px;font-family:monospace;color:#111;background:#fbe3d0;'
            f'border:1px solid #777;border-bottom:3px double #333">{escape(word)}</span>'
        )
