import json
from pathlib import Path

import pytest

from autograder.grading.cohort import Submission, find_notebook, submissions
from autograder.grading.engine.reading import UnreadableSubmission

CELL = {
    "cell_type": "code",
    "execution_count": None,
    "id": "a",
    "metadata": {"nbgrader": {"grade_id": "double"}},
    "outputs": [],
    "source": ["x = 1"],
}


def notebook(*cells: object) -> bytes:
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def write(folder: Path, data: bytes, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def test_a_misnamed_notebook_counts_if_it_is_the_only_one_of_the_lesson(tmp_path):
    folder = tmp_path / "build" / "submitted" / "ada" / "04_attention"
    write(folder, notebook(CELL), "04_attention (1).ipynb")
    write(folder, notebook(), "scratch.ipynb")

    found, note = find_notebook(Submission("ada", "04_attention", folder), {"double"})

    assert len(found.cells) == 1
    assert note == "The notebook is called 04_attention (1).ipynb instead of 04_attention.ipynb."


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "There is no notebook: 04_attention.ipynb is missing"),
        ({"other.ipynb": notebook()}, "is not this lesson: other.ipynb"),
        ({"a.ipynb": notebook(CELL), "b.ipynb": notebook(CELL)}, "cannot be told apart"),
    ],
)
def test_a_missing_notebook_is_told_with_what_was_found(tmp_path, files, says):
    for name, data in files.items():
        write(tmp_path, data, name)

    with pytest.raises(UnreadableSubmission, match=says):
        find_notebook(Submission("ada", "04_attention", tmp_path), {"double"})


def test_submissions_are_found_by_learner_even_without_a_notebook(tmp_path):
    for learner in ("zoe", "ada"):
        (tmp_path / "build" / "submitted" / learner / "04_attention").mkdir(parents=True)
    (tmp_path / "build" / "submitted" / "max" / "05_other").mkdir(parents=True)

    assert [one.learner for one in submissions(tmp_path, "04_attention")] == ["ada", "zoe"]
