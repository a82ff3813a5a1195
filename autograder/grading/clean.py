"""Cleans what a learner's notebook would show in somebody's browser: no scripts, no megabytes."""

import base64
import binascii
import re
from functools import cache
from html import escape
from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.marks import verdict_of
from autograder.verdict import MIME

LONGEST = 100_000  # characters of one output
LARGEST = 3_000_000  # characters of one picture

HIDDEN = re.compile(
    r"^([ \t]*)#+ *BEGIN HIDDEN TESTS.*?(^.*END HIDDEN TESTS[^\n]*|\Z)", re.DOTALL | re.MULTILINE
)
TEXT = ("text/plain", "text/latex")
PICTURES = ("image/png", "image/jpeg")


class CleanOutputs(NbGraderPreprocessor):  # type: ignore[misc]
    """Removes from a notebook's outputs what could act, and shortens what is too long."""

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook; of its metadata, only what nbgrader and Jupyter need stays."""
        _keep(notebook.metadata, "kernelspec", "language_info")
        return super().preprocess(notebook, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Clean one cell."""
        _keep(cell.metadata, "nbgrader", "deletable", "editable")
        if cell.cell_type == "raw":  # pages show it as it is
            cell.source = escape(cell.source)
        elif cell.cell_type == "code":
            cell.outputs = [clean_output(output) for output in cell.outputs]
        return cell, resources


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Removes hidden tests from feedback: nbgrader shows them, in the cell and in tracebacks."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Hide the tests of one cell."""
        if "BEGIN HIDDEN TESTS" in cell.source:
            cell.source = HIDDEN.sub(r"\1# Hidden tests stand here.", cell.source)
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def clean_output(output: NotebookNode) -> NotebookNode:
    """Return an output that is safe to show."""
    if output.output_type == "stream":
        output.text = shorten(output.text)
    elif output.output_type == "error":
        output.traceback = [shorten(str(line)) for line in output.traceback]
    else:
        verdict = verdict_of(NotebookNode(outputs=[output]))
        # A verdict is written anew from its data, so that nothing but a verdict looks like one.
        output.data = NotebookNode(
            {"text/plain": shorten(str(output.data.get("text/plain", "")))}
            if verdict
            else clean_data(output.data)
        )
        if verdict:
            output.data["text/html"], output.data[MIME] = verdict.html(), verdict.as_json()
        output.metadata = NotebookNode()
    return output


def clean_data(data: dict[str, Any]) -> dict[str, Any]:
    """Return those representations of an output that can do no harm."""
    kept: dict[str, Any] = {}
    for kind, content in data.items():
        text = content if isinstance(content, str) else "".join(map(str, content))
        if kind in TEXT:
            kept[kind] = shorten(text)
        elif kind in ("text/html", "text/markdown") and len(text) <= LARGEST:
            kept[kind] = clean_html(text) if kind == "text/html" else shorten(text)
        elif kind in PICTURES and len(text) <= LARGEST and _is_base64(text):
            kept[kind] = text
        elif kind == "image/svg+xml" and len(text) <= LARGEST:
            # As a picture, not as a part of the page: then its scripts do not run.
            source = base64.b64encode(text.encode()).decode()
            kept["text/html"] = f'<img alt="A drawing" src="data:image/svg+xml;base64,{source}">'
    return kept or {"text/plain": "(an output of a kind that is not shown here)"}


def shorten(text: str) -> str:
    """Return a text, or the beginning and the end of one that is too long."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    left_out = len(text) - LONGEST
    return f"{text[:half]}\n... {left_out:,} characters are left out here ...\n{text[-half:]}"


def clean_html(html: str) -> str:
    """Return HTML without scripts, styles, forms, or addresses other than web and picture data."""
    return nh3.clean(
        html,
        attributes={**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "title", "role", "aria-label"}},
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_attribute,
    )


@pass_context
def clean_markdown(context: Any, source: str) -> str:
    """Turn Markdown into clean HTML: the filter `markdown2html` of every page made by nbconvert."""
    return clean_html(_exporter().markdown2html(context, source))


@cache  # making one takes longer than a page of Markdown
def _exporter() -> HTMLExporter:
    return HTMLExporter()


def _keep(metadata: NotebookNode, *names: str) -> None:
    for name in metadata.keys() - set(names):
        del metadata[name]


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    is_data = value.strip().lower().startswith("data:")
    picture = tag == "img" and attribute == "src" and value.startswith("data:image/")
    return None if is_data and not picture else value


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
