"""Pairs of a long text and its summary, from docstrings: PEP 257 has each begin with one line.

Copyright Python Software Foundation, PSF License Version 2; NumPy Developers and PyTorch
contributors, both BSD-3-Clause: see the licence files that came with each.
"""

import re
from typing import NamedTuple

from gradus.data.documented import docstrings

SHORTEST_BODY = 60
LONGEST_SUMMARY = 100


class Summarised(NamedTuple):
    """A text without its first line, and that line."""

    body: str
    summary: str


def docstring_summaries(longest: int = 1_000) -> list[Summarised]:
    """Return docstrings cut in two: what they explain, and the line that sums it up.

    Only those that keep to PEP 257: one line of 3 words or more that ends in a full stop, an empty
    line, then a body that starts with a paragraph of prose. A body is cut at the end of the last
    paragraph before `longest` characters. No summary and no body comes twice.
    """
    found: dict[str, Summarised] = {}
    bodies = set()
    for text in docstrings():
        pair = _split(text, longest)
        if pair and pair.summary not in found and pair.body not in bodies:
            found[pair.summary] = pair
            bodies.add(pair.body)
    return list(found.values())


def _split(text: str, longest: int) -> Summarised | None:
    """Cut a docstring in two, or return None if it does not keep to PEP 257."""
    summary, _, rest = text.partition("\n\n")
    if "\n" in summary or not re.fullmatch(r"[A-Z][^`:]*(`[^`]*`[^`:]*)*\.", summary):
        return None
    if len(summary) > LONGEST_SUMMARY or len(summary.split()) < 3:
        return None
    paragraphs = rest.strip("\n").split("\n\n")
    if not re.match(r"[A-Z][^\n]*[a-z]", paragraphs[0]) or re.search(r"\n-{3,}", paragraphs[0]):
        return None  # a heading, a list or an example, not prose
    body = ""
    for paragraph in paragraphs:
        if len(body) + len(paragraph) > longest:
            break
        body = f"{body}\n\n{paragraph}".strip()
    return Summarised(body, summary) if len(body) >= SHORTEST_BODY else None
