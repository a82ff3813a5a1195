"""Lines of Python with what each part of them is, as Python's own `tokenize` reads them.

Source of the standard library: copyright Python Software Foundation, PSF License Version 2,
https://docs.python.org/3/license.html
"""

import io
import keyword
import sysconfig
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LABELS = ("name", "keyword", "operator", "number", "string", "comment")
# Modules that have existed for long and change little, in the order in which they are read.
MODULES = """
    argparse bisect calendar cmd codecs configparser contextlib copy csv difflib enum fractions
    functools getpass glob gzip heapq mimetypes netrc optparse pprint queue random reprlib sched
    shelve shlex shutil socket statistics string tempfile textwrap timeit tokenize types warnings
    weakref zipapp
""".split()


class CodeLine(NamedTuple):
    """One line of code without its indentation, its parts, and what each part is.

    `starts` says at which character of `text` each part begins.
    """

    text: str
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    starts: tuple[int, ...]

    def label_of_characters(self) -> list[str]:
        """Return the label of each character of the text; of a blank between parts, "space".

        Here a label depends on what stands around: the same `if` is a keyword, a part of a name or
        a part of a comment.
        """
        labels = ["space"] * len(self.text)
        for token, label, start in zip(self.tokens, self.labels, self.starts, strict=True):
            labels[start : start + len(token)] = [label] * len(token)
        return labels


def code_tokens(longest: int = 80) -> list[CodeLine]:
    """Return lines of the standard library with their exact labels, each once, in reading order.

    Only lines that can be read by themselves: at most `longest` characters, two kinds of parts or
    more, no string that goes on in the next line. Lines with f-strings are left out, because
    versions of Python differ in how they cut them.
    """
    folder = Path(sysconfig.get_path("stdlib"))
    found: dict[str, CodeLine] = {}
    for module in MODULES:
        path = folder / f"{module}.py"
        if path.is_file():  # some are folders in other versions
            for line in label_lines(path.read_text(encoding="utf-8")):
                if len(line.text) <= longest and len(set(line.labels)) > 1:
                    found.setdefault(line.text, line)
    return list(found.values())


def label_lines(source: str) -> Iterator[CodeLine]:
    """Yield the lines of a source that can be read by themselves, labelled."""
    rows: dict[int, list[tokenize.TokenInfo]] = {}
    left_out = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start[0] != token.end[0] or _is_f_string(token):
            left_out |= set(range(token.start[0], token.end[0] + 1))
        elif label_of(token):
            rows.setdefault(token.start[0], []).append(token)
    lines = source.split("\n")
    for row, parts in rows.items():
        if row not in left_out:
            indentation = parts[0].start[1]
            yield CodeLine(
                lines[row - 1][indentation:].rstrip(),
                tuple(part.string for part in parts),
                tuple(label_of(part) for part in parts),
                tuple(part.start[1] - indentation for part in parts),
            )


def label_of(token: tokenize.TokenInfo) -> str:
    """Return what a token is, or nothing for the end of a line and the like.

    `match`, `case`, `type` and `_` are names here: only the grammar knows when they are more.
    """
    if token.type == tokenize.NAME:
        return "keyword" if keyword.iskeyword(token.string) else "name"
    labels = {
        tokenize.OP: "operator",
        tokenize.NUMBER: "number",
        tokenize.STRING: "string",
        tokenize.COMMENT: "comment",
    }
    return labels.get(token.type, "")


def _is_f_string(token: tokenize.TokenInfo) -> bool:
    """Is it one, or from Python 3.12 on a part of one?"""
    prefix = token.string.partition('"')[0].partition("'")[0].lower()
    return tokenize.tok_name[token.type].startswith("FSTRING") or (
        token.type == tokenize.STRING and "f" in prefix
    )
