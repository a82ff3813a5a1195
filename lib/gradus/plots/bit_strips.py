"""Bit strips: a number, bit by bit, as each format keeps it."""

from collections.abc import Sequence
from html import escape

from gradus.memory.bits import FORMATS, Kept, kept_as
from gradus.plots.shown import Shown

LOOKS = {
    "sign": "background:#555;color:#fff",
    "exponent": "background:#fbe3d0;color:#111;border-bottom:3px solid #D55E00",
    "mantissa": "background:#d6e9f8;color:#111;border-bottom:3px dotted #0072B2",
}
NAMES = (*FORMATS, "int8")


class BitStrips(Shown):
    """One strip of bits for each format: sign, exponent, mantissa, and the value that is kept."""

    def __init__(self, number: float, names: Sequence[str] = NAMES) -> None:
        self.number = number
        self.kept = {name: kept_as(number, name) for name in names}

    @property
    def alt(self) -> str:
        """Tell the bits and the values in words."""
        told = "; ".join(
            f"{name} keeps {value(kept)} (sign {kept.sign}"
            + (f", exponent {kept.exponent}" if kept.exponent else "")
            + f", mantissa {kept.mantissa})"
            for name, kept in self.kept.items()
        )
        return f"{self.number!r} in bits: {told}."

    def html(self) -> str:
        """Return a table: a row for each format."""
        rows = "".join(self._row(name, kept) for name, kept in self.kept.items())
        key = " ".join(
            f'<span style="padding:0 5px;{look}">{part}</span>' for part, look in LOOKS.items()
        )
        return (
            f'<div style="overflow-x:auto"><p><b>{self.number!r}</b>, bit by bit: {key}</p>'
            f'<table style="font-family:monospace">'
            f'<tr><th scope="col">format</th><th scope="col" style="text-align:left">bits</th>'
            f'<th scope="col">kept</th><th scope="col">off by</th></tr>{rows}</table></div>'
        )

    def _row(self, name: str, kept: Kept) -> str:
        parts = ("sign", kept.sign), ("exponent", kept.exponent), ("mantissa", kept.mantissa)
        bits = "".join(
            f'<span style="padding:0 1px;border-right:1px solid #fff;{LOOKS[part]}">{bit}</span>'
            for part, digits in parts
            for bit in digits
        )
        label = ", ".join(f"{part} {digits}" for part, digits in parts if digits)
        off = kept.value - self.number
        return (
            f'<tr><th scope="row">{escape(name)}</th>'
            f'<td role="img" aria-label="{label}" style="text-align:left;white-space:nowrap">'
            f"{bits}</td><td>{value(kept)}</td><td>{off:.3g}</td></tr>"
        )


def value(kept: Kept) -> str:
    """Write a value with as many digits as make it clear which one it is."""
    return f"{kept.value:.9g}"
