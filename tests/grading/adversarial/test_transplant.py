"""What may have happened to a notebook's cells, and what grading makes of it."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.grading.engine.transplant import transplant


def cell(name: str, source: str, grade=False, solution=False) -> NotebookNode:
    marks = {
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade and not solution,
    }
    marks |= {"schema_version": 3, "task": False} | ({"points": 2} if grade else {})
    return new_code_cell(source, metadata={"nbgrader": marks})


def release() -> NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell("# Title", id="title"),
            new_code_cell("import torch", id="setup"),
            cell("a", "raise NotImplementedError", solution=True),
            cell("test-a", "assert a() == 1", grade=True),
            new_code_cell("plot(a)", id="plot"),
            cell("b", "raise NotImplementedError", solution=True),
            cell("test-b", "assert b() == 2", grade=True),
        ]
    )


def solved() -> NotebookNode:
    notebook = release()
    notebook.cells[2].source = "def a(): return 1"
    notebook.cells[5].source = "def b(): return 2"
    return notebook


HONEST = [c.source for c in solved().cells]


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def drop(*names: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        gone = [find(notebook, name) for name in names]
        notebook.cells = [c for c in notebook.cells if c not in gone]

    return change


def switch(name: str, **marks: object) -> Callable[[NotebookNode], None]:
    return lambda notebook: find(notebook, name).metadata.nbgrader.update(marks)


def tag(*tags: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        for name in ("test-a", "test-b"):
            find(notebook, name).metadata["tags"] = list(tags)

    return change


def source(name: str, text: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: find(notebook, name).update(source=text)


def reordered(notebook: NotebookNode) -> None:
    notebook.cells = [notebook.cells[i] for i in (3, 6, 0, 1, 2, 4, 5)]


def twice(name: str, first: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        at = notebook.cells.index(find(notebook, name))
        copy = deepcopy(notebook.cells[at])
        copy.source = first
        notebook.cells.insert(at, copy)

    return change


def retype(name: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        at = notebook.cells.index(find(notebook, name))
        old = notebook.cells[at]
        notebook.cells[at] = new_markdown_cell(old.source, metadata=old.metadata)

    return change


def insert(at: int, made: NotebookNode) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells.insert(at, made)


def unknown(notebook: NotebookNode) -> None:
    notebook.cells.append(cell("bonus", "1000.0", grade=True))
    notebook.cells[-1].metadata.nbgrader.points = 1000


def renamed_kernel(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "evil", "display_name": "evil", "language": "sh"}
    notebook.metadata["language_info"] = {"name": "sh"}
    notebook.metadata["papermill"] = {"exception": False}


def forget_ids(notebook: NotebookNode) -> None:
    for number, one in enumerate(notebook.cells):
        one.id = f"new-{number}"


# What happened; the sources that are run (None: those of an honest submission); a word of the flag.
CASES = [
    ("nothing", lambda notebook: None, None, ""),
    ("12 27 tests are skipped by a tag", tag("skip-execution"), None, "tag skip-execution"),
    ("12 tests may raise", tag("raises-exception"), None, "tag raises-exception"),
    ("13 21 grade: false", switch("test-a", grade=False), None, "(grade)"),
    ("14 22 solution: true", switch("test-a", solution=True), None, "(solution)"),
    ("15 23 points: 100", switch("test-a", points=100), None, "(points)"),
    ("locked: false", switch("test-a", locked=False), None, "(locked)"),
    ("16 24 an unknown grade cell", unknown, [*HONEST, "1000.0"], "not part of the lesson"),
    ("17 20 a test twice, one edited", twice("test-a", "pass"), None, "2 times"),
    ("18 25 a test turned to markdown", retype("test-a"), None, "turned into a markdown cell"),
    ("19 38 tests moved to the top", reordered, None, "moved"),
    ("20 18 a test deleted", drop("test-a"), None, "test-a had been deleted"),
    ("21 19 all tests deleted", drop("test-a", "test-b"), None, "deleted"),
    ("22 23 26 kernel and language", renamed_kernel, None, ""),
    ("24 checksum edited", switch("test-a", checksum="0" * 32), None, ""),
    ("25 schema_version 99", switch("test-a", schema_version=99), None, "(schema_version)"),
    ("a test edited", source("test-a", "pass"), None, "test-a had been changed"),
    ("an answer turned to markdown", retype("a"), None, "turned into a markdown cell"),
    ("ids are gone", forget_ids, None, ""),
    (
        "an answer deleted",
        drop("a"),
        [*HONEST[:2], "raise NotImplementedError", *HONEST[3:]],
        "answer a had been deleted",
    ),
    (
        "an answer split in two, both halves labelled",
        twice("a", "def helper(): return 1"),
        [*HONEST[:2], "def helper(): return 1", "def a(): return 1", *HONEST[3:]],
        "2 times",
    ),
    ("an answer twice, the same", twice("a", "def a(): return 1"), None, "2 times"),
    (
        "an answer split in two, one half unlabelled",
        insert(3, new_code_cell("more = 1")),
        [*HONEST[:3], "more = 1", *HONEST[3:]],
        "",
    ),
    (
        "extra cells at the very top and the very end",
        lambda notebook: (
            notebook.cells.insert(0, new_code_cell("first")),
            notebook.cells.append(new_raw_cell("last")),
        ),
        ["first", *HONEST, "last"],
        "",
    ),
    ("blank cells added", insert(3, new_code_cell("  \n")), None, ""),
    ("a cell of the release deleted", lambda notebook: notebook.cells.pop(4), None, ""),
    (
        "an unlabelled cell of the release changed",
        lambda notebook: notebook.cells[4].update(source="plot(a, wide=True)"),
        [*HONEST[:4], "plot(a, wide=True)", *HONEST[5:]],
        "",
    ),
    (
        "metadata of the wrong type",
        lambda notebook: find(notebook, "test-a").metadata.update(nbgrader=[1], tags="x"),
        [*HONEST[:3], HONEST[3], *HONEST[3:]],
        "deleted",
    ),
    ("an empty notebook", lambda notebook: notebook.update(cells=[]), "released", "deleted"),
]


@pytest.mark.parametrize(("_", "change", "sources", "flag"), CASES, ids=[case[0] for case in CASES])
def test_only_answers_and_extra_cells_are_taken_over(_, change, sources, flag):
    submitted = solved()
    change(submitted)

    graded, flags = transplant(release(), submitted)

    if sources == "released":
        sources = [c.source for c in release().cells]
    got = [c.source for c in graded.cells]
    assert got == (sources or HONEST)
    assert any(flag in one for one in flags) if flag else flags == []
    settings = [c.metadata for c in graded.cells if c.metadata]
    assert settings == [c.metadata for c in release().cells if c.metadata]
    assert graded.metadata == release().metadata
    ids = [c.id for c in graded.cells]
    assert len(set(ids)) == len(ids)


def test_the_released_notebook_stays_as_it_is():
    released = release()
    before = deepcopy(released)

    transplant(released, solved())

    assert released == before


def test_pictures_in_an_answer_of_prose_are_kept():
    released = new_notebook(cells=[new_markdown_cell("Your answer")])
    released.cells[0].metadata = cell("essay", "", grade=True, solution=True).metadata
    submitted = deepcopy(released)
    submitted.cells[0].source = "![](attachment:a.png)"
    submitted.cells[0].attachments = {"a.png": {"image/png": "AAAA"}}

    graded, _ = transplant(released, submitted)

    assert graded.cells[0].attachments == {"a.png": {"image/png": "AAAA"}}
