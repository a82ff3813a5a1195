"""Gaps: a text as a masked language model gets it, and what it shall find out."""

from collections.abc import Sequence
from html import escape

from gradus.plots.shown import Shown

NONE = -100  # the label of a word that is not asked for

# What became of a chosen word: how its box looks, and what the line below it says.
LOOKS = {
    "hidden": ("background:#0072B2;color:#fff", "hidden"),
    "another": ("background:#fbe3d0;color:#111;border-bottom:3px dashed #D55E00", "another"),
    "kept": ("background:#d3f0e3;color:#111;border-bottom:3px double #009E73", "kept"),
}


class GapStrip(Shown):
    """Words side by side; those that were chosen tell what became of them and what stood there."""

    def __init__(
        self,
        inputs: Sequence[int],
        labels: Sequence[int],
        words: Sequence[str],
        mask_id: int,
        title: str = "",
    ) -> None:
        self.title = title
        self.boxes = [
            (
                words[one],
                *(("", "") if label == NONE else (_fate(one, label, mask_id), words[label])),
            )
            for one, label in zip(inputs, labels, strict=True)
        ]

    @property
    def alt(self) -> str:
        """Tell the text in words."""
        told = " ".join(
            word if not fate else f"[{word}: {fate}, was {was}]" for word, fate, was in self.boxes
        )
        chosen = sum(bool(fate) for _, fate, _ in self.boxes)
        return f"{self.title}. {chosen} of {len(self.boxes)} words chosen. {told}"

    def html(self) -> str:
        """Return the words as a list of boxes, which a screen reader reads as one."""
        chosen = sum(bool(fate) for _, fate, _ in self.boxes)
        boxes = "".join(_box(*box) for box in self.boxes)
        return (
            f'<div style="margin:0.4em 0"><b>{escape(self.title)}</b> · {chosen} of '
            f'{len(self.boxes)} words chosen<div role="list" style="line-height:1.25;'
            f'margin-top:0.3em">{boxes}</div></div>'
        )


def _fate(one: int, label: int, mask_id: int) -> str:
    if one == mask_id:
        return "hidden"
    return "kept" if one == label else "another"


def _box(word: str, fate: str, was: str) -> str:
    look, says = LOOKS.get(fate, ("background:#f4f4f4;color:#111", ""))
    below = escape(f"{says}: {was}") if fate in ("hidden", "another") else says or "&nbsp;"
    label = escape(f"{word}, {fate}, was {was}" if fate else word)
    shown = escape(word) if fate != "hidden" else "&nbsp;?&nbsp;"
    return (
        f'<span role="listitem" aria-label="{label}" style="display:inline-block;margin:1px;'
        f'padding:1px 5px;text-align:center;vertical-align:top;border:1px solid #777;{look}">'
        f'{shown}<span style="display:block;font-size:0.7em">{below}</span></span>'
    )
