from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from autograder.notebooks.build import notebook_path
from autograder.notebooks.leaks import leaks

MISTAKE = """
def attend(q, k, v, mask=None):
    '''Without the scale.'''
    unscaled = q @ k.transpose(-1, -2)
    return unscaled.softmax(dim=-1) @ v, x
"""


def pair(root: Path, lesson: str) -> tuple[NotebookNode, NotebookNode]:
    folders = ("course", "build/source")
    release, source = (
        nbformat.read(notebook_path(root, folder, lesson), as_version=4) for folder in folders
    )
    return release, source


@pytest.mark.parametrize("lesson", ["00_warmup", "04_attention"])
def test_a_release_as_nbgrader_makes_it_is_tight(lesson: str, built_once: Path) -> None:
    assert leaks(*pair(built_once, lesson), [MISTAKE]) == []


def test_every_line_of_an_answer_is_found_wherever_it_hides(built_once: Path) -> None:
    line = "q = split_heads(self.query(x), self.heads)"
    for place in ("source", "prose", "output", "metadata"):
        release, source = pair(built_once, "04_attention")
        cell = next(cell for cell in release.cells if cell.id == "MultiHeadAttention")
        match place:
            case "source":
                cell.source += f"\n        # {line}"
            case "prose":
                release.cells.append(new_markdown_cell(f"Remember:\n\n    {line}"))
            case "output":
                cell.outputs.append(new_output("stream", text=line))
            case "metadata":
                cell.metadata["note"] = line.replace(" ", "  ")
        found = leaks(release, source)
        assert len(found) == 1
        assert found[0].startswith("a line of an answer or a hidden test: ")


def test_an_answer_without_markers_is_secret_as_a_whole(built_once: Path) -> None:
    release, source = pair(built_once, "04_attention")
    cell = next(cell for cell in source.cells if cell.id == "cache_bytes")
    cell.source = "cache_bytes = 2 * 12 * 1024 * 64"
    release.cells.append(new_markdown_cell("cache_bytes = 2 * 12 * 1024 * 64"))
    assert len(leaks(release, source)) == 1


def test_hidden_tests_and_markers_are_found(built_once: Path) -> None:
    release, source = pair(built_once, "00_warmup")
    found = leaks(source, source)
    assert "HIDDEN: ### BEGIN HIDDEN TESTS" in found
    assert "BEGIN SOLUTION: ### BEGIN SOLUTION" in found
    assert any("rms([1.0, 7.0])" in line for line in found)


def test_the_lines_of_a_mistake_are_found(built_once: Path) -> None:
    release, source = pair(built_once, "04_attention")
    release.cells.append(new_markdown_cell("unscaled = q @ k.transpose(-1, -2)"))
    assert leaks(release, source, [MISTAKE]) == [
        "a line of a mistake: unscaled = q @ k.transpose(-1, -2)"
    ]


def test_what_learners_see_anyway_and_short_lines_give_nothing_away(built_once: Path) -> None:
    release, source = pair(built_once, "04_attention")
    shown = "weights = scores.softmax(dim=-1)"
    for notebook in (release, source):
        notebook.cells.append(new_markdown_cell(f"Look at this:\n\n    {shown}\n    else:"))
    assert leaks(release, source) == []
