"""Looks in a released notebook for what only the examiner and instructors may see."""

import json
import re
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

# Shorter lines (`return x`, `else:`) say nothing of an answer.
SHORTEST = 12

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN", "MARK SCHEME")


def leaks(release: NotebookNode, source: NotebookNode, mistakes: Iterable[str] = ()) -> list[str]:
    """Return a sentence for every marker, answer line or mistake line in the release.

    `source` is the lesson's notebook with all its answers and markers (build/source); `mistakes`
    are pieces of code. A line that also stands in the visible part of `source` gives nothing away.
    """
    visible, secret = set(), {}
    for cell in source.cells:
        for line, hidden in _lines(cell):
            if hidden:
                secret[line] = "an answer or a hidden test"
            else:
                visible.add(line)
    for code in mistakes:
        for line in code.splitlines():
            secret.setdefault(_normal(line), "a mistake")
    found = []
    for text in _texts(release):
        for line in text.splitlines():
            found += [f"{marker}: {line.strip()}" for marker in MARKERS if marker in line]
            normal = _normal(line)
            if len(normal) >= SHORTEST and normal in secret and normal not in visible:
                found.append(f"a line of {secret[normal]}: {line.strip()}")
    return found


def _lines(cell: NotebookNode) -> Iterator[tuple[str, bool]]:
    """Yield a cell's lines, and for each whether learners may not see it."""
    inside = False
    solution = cell.metadata.get("nbgrader", {}).get("solution", False)
    # nbgrader clears an answer without markers as a whole.
    whole = solution and "BEGIN SOLUTION" not in cell.source
    for line in cell.source.splitlines():
        if "BEGIN SOLUTION" in line or "BEGIN HIDDEN TESTS" in line:
            inside = True
        elif "END SOLUTION" in line or "END HIDDEN TESTS" in line:
            inside = False
        else:
            yield _normal(line), inside or whole


def _texts(notebook: NotebookNode) -> Iterator[str]:
    """Yield every text in a notebook: sources, outputs, metadata, attachments."""
    waiting = [json.loads(json.dumps(notebook))]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value


def _normal(line: str) -> str:
    """Return a line as it is compared: without spaces, comment signs or kinds of quotes."""
    return re.sub(r"\s+", "", line.strip().lstrip("#")).replace("'", '"')
