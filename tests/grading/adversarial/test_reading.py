"""Files that are broken, hostile, or merely old."""

import json
import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.reading import UnreadableSubmission, read_submission

GOOD = json.dumps(new_notebook(cells=[new_code_cell("x = 'é'")]), ensure_ascii=False)
OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {"cells": [{"cell_type": "code", "input": "x = 'é'", "outputs": [], "language": "python"}]}
    ],
}


def version(number: object, minor: object = 5) -> bytes:
    return json.dumps({**json.loads(GOOD), "nbformat": number, "nbformat_minor": minor}).encode()


def with_cells(*cells: object) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


REFUSED = {
    "41 59 cut off": (GOOD[:60].encode(), "cut off or damaged"),
    "43 59 empty": (b"", "empty"),
    "44 59 a list": (b"[]", "holds a list"),
    "a number": (b"3", "holds a number"),
    "42 60 not UTF-8": (GOOD.encode("latin-1"), "not UTF-8"),
    "61 version 5": (version(5), "version 5"),
    "no version": (b"{}", "version None"),
    "a broken version 3": (b'{"nbformat": 3, "worksheets": 5}', "cannot be brought up to date"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "a cell that is none": (with_cells(5), "cell 1 is no cell"),
    "a cell of no type": (with_cells({"cell_type": "slide", "source": ""}), "cell 1"),
    "a source of numbers": (with_cells({"cell_type": "code", "source": [1]}), "cell 1"),
    "brackets without end": (b"[" * 100_000, "cut off or damaged"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
}
ACCEPTED = {
    "good": GOOD.encode(),
    "46 60 a byte order mark": GOOD.encode("utf-8-sig"),
    "UTF-16": GOOD.encode("utf-16"),
    "45 61 minor 99": version(4, 99),
    "minor of the wrong type": version(4, "x"),
    "61 version 3": json.dumps(OLD).encode(),
    "source in lines": with_cells({"cell_type": "code", "source": ["x = ", "'é'"]}),
    "metadata of the wrong type": with_cells(
        {"cell_type": "code", "source": "x = 'é'", "metadata": 3, "id": 7}
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_notebook_is_refused_in_words(name, tmp_path):
    content, reason = REFUSED[name]
    (tmp_path / "lesson.ipynb").write_bytes(content)

    with pytest.raises(UnreadableSubmission, match=reason) as caught:
        read_submission(tmp_path / "lesson.ipynb")

    assert "lesson.ipynb" in str(caught.value)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_that_can_be_read_is_read(name, tmp_path):
    (tmp_path / "lesson.ipynb").write_bytes(ACCEPTED[name])

    notebook = read_submission(tmp_path / "lesson.ipynb")

    assert [cell.source for cell in notebook.cells] == ["x = 'é'"]


def test_47_62_a_missing_file(tmp_path):
    with pytest.raises(UnreadableSubmission, match=r"lesson\.ipynb is missing"):
        read_submission(tmp_path / "lesson.ipynb")


def test_39_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text(GOOD)
    (tmp_path / "lesson.ipynb").symlink_to(tmp_path / "secret")

    with pytest.raises(UnreadableSubmission, match="links are not followed"):
        read_submission(tmp_path / "lesson.ipynb")


def test_a_pipe_does_not_hang_the_reader(tmp_path):
    os.mkfifo(tmp_path / "lesson.ipynb")

    with pytest.raises(UnreadableSubmission, match="is not a file"):
        read_submission(tmp_path / "lesson.ipynb")


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "lesson.ipynb").mkdir()

    with pytest.raises(UnreadableSubmission):
        read_submission(tmp_path / "lesson.ipynb")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    with open(tmp_path / "lesson.ipynb", "wb") as file:
        file.truncate(2**40)

    with pytest.raises(UnreadableSubmission, match="over the limit"):
        read_submission(tmp_path / "lesson.ipynb")


def test_half_a_surrogate_pair_does_not_come_back_to_bite(tmp_path):
    (tmp_path / "lesson.ipynb").write_bytes(
        with_cells({"cell_type": "code", "source": "SURROGATE"}).replace(b"SURROGATE", b"\\ud800")
    )

    read_submission(tmp_path / "lesson.ipynb").cells[0].source.encode()
