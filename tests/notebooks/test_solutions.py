from pathlib import Path

import nbformat
import pytest

from autograder.notebooks.build import build_lesson
from autograder.notebooks.solutions import execute_solutions
from autograder.notebooks.source import LessonError


def test_a_solution_notebook_shows_its_outputs(built: Path) -> None:
    [path] = execute_solutions(built, ["00_warmup"])

    assert path == built / "build" / "solution" / "00_warmup" / "00_warmup.ipynb"
    last = nbformat.read(path, as_version=4).cells[-1]
    assert float(last.outputs[0].data["text/plain"]) == pytest.approx(2.5**0.5)


def test_a_lesson_that_fails_is_named_with_its_error(built: Path) -> None:
    lesson = built / "solutions" / "00_warmup.py"
    lesson.write_text(lesson.read_text() + "\n# %%\nrms([])\n")
    build_lesson(built, lesson)
    with pytest.raises(
        LessonError, match="(?s)00_warmup: the solution notebook.*ZeroDivisionError"
    ):
        execute_solutions(built, ["00_warmup"])


def test_unknown_and_unbuilt_lessons_say_what_to_do(built: Path) -> None:
    with pytest.raises(LessonError, match="There are: 00_warmup, 04_attention"):
        execute_solutions(built, ["05_block"])
    (built / "build" / "source" / "00_warmup" / "00_warmup.ipynb").unlink()
    with pytest.raises(LessonError, match="Run `gradus build` first"):
        execute_solutions(built, ["00_warmup"])
