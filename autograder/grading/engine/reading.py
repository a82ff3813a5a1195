"""Reading: a submitted file becomes a notebook, or a reason that a person can read."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id as random_cell_id

LARGEST = 50 * 2**20  # bytes
KINDS = ("code", "markdown", "raw")


class UnreadableSubmission(Exception):
    """The file holds no notebook that could be graded; the message says why."""


def read_submission(path: Path) -> NotebookNode:
    """Read a notebook that may be broken, hostile, or from another version of Jupyter.

    Only cells come back, each with its type, source, id, metadata and attachments; outputs and the
    notebook's own metadata do not.
    """
    text = _text(_bytes(path), path.name)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = "it is cut off or damaged" if text.strip() else "it is empty"
        raise UnreadableSubmission(f"{path.name} is not a notebook: {where} ({error}).") from error
    if not isinstance(content, dict):
        raise UnreadableSubmission(
            f"{path.name} is not a notebook: it holds a {_word(content)}, no cells."
        )
    return _rebuild(_version_4(content, path.name), path.name)


def _bytes(path: Path) -> bytes:
    """Read the file without following a link to somebody else's."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
    except FileNotFoundError:
        raise UnreadableSubmission(f"{path.name} is missing.") from None
    except OSError as error:
        why = "it is a link, and links are not followed" if path.is_symlink() else error.strerror
        raise UnreadableSubmission(f"{path.name} cannot be read: {why}.") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise UnreadableSubmission(f"{path.name} is not a file.")
    with open(descriptor, "rb") as file:
        if status.st_size > LARGEST:
            size = f"{status.st_size / 2**20:,.0f} MiB"
            limit = f"{LARGEST / 2**20:,.0f} MiB"
            raise UnreadableSubmission(
                f"{path.name} has {size}, over the limit of {limit}. Clear its outputs first."
            )
        return file.read(LARGEST + 1)


def _text(raw: bytes, name: str) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSubmission(
            f"{name} is not a notebook: its text is not UTF-8 (byte {error.start:,}). It was "
            "probably saved by a program other than Jupyter."
        ) from error


def _word(value: Any) -> str:
    return {list: "list", str: "text", int: "number", float: "number"}.get(type(value), "value")


def _version_4(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Bring an older notebook up to version 4."""
    version = content.get("nbformat")
    if version == 4:
        return content
    if version not in (1, 2, 3):
        raise UnreadableSubmission(
            f"{name} says it is a notebook of version {version!r}; versions up to 4 can be read."
        )
    try:
        return dict(nbformat.convert(nbformat.from_dict(content), 4))
    except Exception as error:
        raise UnreadableSubmission(
            f"{name} is of version {version}, and cannot be brought up to date: {error!r}."
        ) from error


def _rebuild(content: dict[str, Any], name: str) -> NotebookNode:
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise UnreadableSubmission(f"{name} is not a notebook: it has no list of cells.")
    made = [_cell(cell, i, name) for i, cell in enumerate(cells, start=1)]
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=made)


def _cell(cell: Any, number: int, name: str) -> NotebookNode:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if kind not in KINDS or not isinstance(source, str):
        raise UnreadableSubmission(f"{name} is damaged: its cell {number} is no cell.")
    # Half a surrogate pair can be read and never be written again.
    source = source.encode("utf-8", "replace").decode()
    metadata = cell.get("metadata")
    # Not with nbformat's functions: they validate, and what is not thrown away is never trusted.
    made = NotebookNode(cell_type=kind, source=source)
    made.id = cell["id"] if isinstance(cell.get("id"), str) else random_cell_id()
    made.metadata = nbformat.from_dict(metadata if isinstance(metadata, dict) else {})
    if kind == "code":
        made.outputs, made.execution_count = [], None
    attachments = cell.get("attachments")
    if kind == "markdown" and isinstance(attachments, dict):
        made.attachments = {
            file: {mime: data for mime, data in bundle.items() if isinstance(data, str)}
            for file, bundle in attachments.items()
            if isinstance(bundle, dict)
        }
    return made
