from collections.abc import Callable
from pathlib import Path

import nbformat

from autograder.notebooks.build import build_all, notebook_path
from autograder.notebooks.keep import has_answers, keep_answers

Points = Callable[[str], float]


def answer(notebook: Path) -> None:
    """Write into an exercise cell as a learner does."""
    content = nbformat.read(notebook, as_version=4)
    cell = next(cell for cell in content.cells if cell.id == "attend")
    cell.source = cell.source.replace("raise NotImplementedError()", "return v, None")
    nbformat.write(content, notebook)


def test_a_build_keeps_a_copy_of_somebodys_answers(built: Path, points: Points) -> None:
    course = notebook_path(built, "course", "04_attention")
    answer(course)
    worked_in = course.read_bytes()

    result = build_all(built, points)[1]

    assert result.changed
    assert result.kept == built / "build" / "kept" / "04_attention-1.ipynb"
    assert result.kept.read_bytes() == worked_in
    assert not has_answers(course)


def test_a_new_lesson_over_an_untouched_notebook_keeps_nothing(built: Path, points: Points) -> None:
    lesson = built / "solutions" / "04_attention.py"
    lesson.write_text(lesson.read_text().replace("reads whom", "is who"))
    result = build_all(built, points)[1]
    assert result.changed
    assert result.kept is None


def test_copies_do_not_overwrite_each_other(built: Path, tmp_path: Path) -> None:
    course = notebook_path(built, "course", "04_attention")
    answer(course)
    copies = [keep_answers(course, tmp_path / "kept") for _ in range(2)]
    assert [copy.name for copy in copies if copy] == [
        "04_attention-1.ipynb",
        "04_attention-2.ipynb",
    ]


def test_a_file_that_cannot_be_read_is_kept_too(tmp_path: Path) -> None:
    notebook = tmp_path / "04_attention.ipynb"
    notebook.write_text("<<<<<<< merge conflict")
    assert has_answers(notebook)


def test_where_there_is_no_notebook_there_is_nothing_to_keep(tmp_path: Path) -> None:
    assert keep_answers(tmp_path / "none.ipynb", tmp_path / "kept") is None
