"""What JupyterLab says in English, and in French or Spanish: from its installed language packs.

Copyright Project Jupyter Contributors; BSD-3-Clause, see the licence files in the packs.
"""

import importlib.util
import re
import struct
from pathlib import Path
from typing import Literal, NamedTuple

PACKS = {"fr": "fr-FR", "es": "es-ES"}
PLACEHOLDER = re.compile(r"%\d|%[sd]|\{\w*\}")


class Translated(NamedTuple):
    """A text in English and the same in another language."""

    english: str
    translation: str


def interface_strings(language: Literal["fr", "es"], longest: int = 120) -> list[Translated]:
    """Return the texts of JupyterLab's buttons, menus and messages in two languages, sorted.

    Each English text comes once; of a text with a plural only the singular. Runs of white space
    count as one space. A placeholder, such as %1 for a file's name, stays as it is in both. Left
    out are texts that are not translated, are longer than `longest` characters in either language,
    or whose placeholders differ, which are slips of the translators.

    Raises ModuleNotFoundError if the language pack is not installed.
    """
    if language not in PACKS:
        raise ValueError(f"the languages are {' and '.join(PACKS)}, not {language!r}")
    found: dict[str, str] = {}
    for path in _catalogues(language):
        for english, translation in read_catalogue(path.read_bytes()):
            found.setdefault(english, translation)
    pairs = [
        Translated(english, translation)
        for english, translation in sorted(found.items())
        if translation and translation != english and re.search(r"[A-Za-z]", english)
    ]
    return [
        pair
        for pair in pairs
        if max(map(len, pair)) <= longest
        and sorted(PLACEHOLDER.findall(pair[0])) == sorted(PLACEHOLDER.findall(pair[1]))
    ]


def read_catalogue(data: bytes) -> list[Translated]:
    """Read a compiled catalogue of gettext (a .mo file), without its header; sorted.

    The file holds two tables of lengths and places, of the texts and of their translations. A text
    may have a context before it, and its plural after it; both are cut off here, and the texts
    that have no context come first.
    Source: GNU gettext manual, section 10.3, "The Format of GNU MO Files".
    """
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, english, translated = struct.unpack_from(f"{order}3I", data, 8)

    def text(table: int, row: int) -> tuple[str, str]:
        length, start = struct.unpack_from(f"{order}2I", data, table + 8 * row)
        singular = data[start : start + length].split(b"\0")[0].decode()
        context, _, text = singular.rpartition("\x04")
        return context, " ".join(text.split())

    rows = sorted((*text(english, row), text(translated, row)[1]) for row in range(count))
    return [Translated(english, translation) for _, english, translation in rows if english]


def _catalogues(language: str) -> list[Path]:
    """The catalogues of a language: JupyterLab's own first, then those of its extensions."""
    module = f"jupyterlab_language_pack_{PACKS[language].replace('-', '_')}"
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        name = f"jupyterlab-language-pack-{PACKS[language].lower()}"
        raise ModuleNotFoundError(f"the language pack is missing: pip install {name}")
    [folder] = spec.submodule_search_locations
    files = Path(folder).glob("locale/*/LC_MESSAGES/*.mo")
    return sorted(files, key=lambda path: (path.stem != "jupyterlab", path.stem))
