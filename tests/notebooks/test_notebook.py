from collections.abc import Callable

import pytest
from nbformat import validate
from nbgrader.nbgraderformat import MetadataValidator

from autograder.notebooks.notebook import assemble
from autograder.notebooks.source import Lesson, LessonError
from autograder.notebooks.transclude import BEGIN

Read = Callable[[str], Lesson]

ATTEND = """
# %%
from einops import einsum
from jaxtyping import Bool, Float
from torch import Tensor

# %% exercise="attend"
from gradus.attention import attend

# %% check="attend"
check(attend)
"""


def points(name: str) -> float:
    return {"attend": 5.0}[name]


def test_exercise_and_check_carry_nbgraders_metadata(lesson: Read) -> None:
    notebook = assemble(lesson(ATTEND), points)
    validate(notebook)
    MetadataValidator().validate_nb(notebook)

    prose, code, exercise, check = notebook.cells
    assert prose.metadata == code.metadata == {}
    assert BEGIN in exercise.source
    assert exercise.metadata.nbgrader == {
        "schema_version": 3,
        "grade": False,
        "grade_id": "attend",
        "locked": False,
        "solution": True,
        "task": False,
    }
    assert check.source == "check(attend)"
    assert check.metadata.nbgrader.points == 5.0
    assert check.metadata.nbgrader.grade
    assert check.metadata.nbgrader.locked
    assert not check.metadata.nbgrader.solution
    assert check.metadata.nbgrader.grade_id == "check-attend"


def test_nothing_in_a_notebook_depends_on_who_builds_it(lesson: Read) -> None:
    notebook = assemble(lesson(ATTEND), points)
    assert notebook == assemble(lesson(ATTEND), points)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info


def test_names_may_come_from_earlier_exercises_magics_notwithstanding(lesson: Read) -> None:
    cross = '# %% exercise="cross_attention"\nfrom gradus.attention import cross_attention\n'
    checked = cross + '# %% check="cross_attention"\ncheck(cross_attention)\n'
    setup = "# %%\n# %matplotlib inline\nfrom gradus.attention import MultiHeadAttention\n"

    with pytest.raises(LessonError, match="line 16: cross_attention uses MultiHeadAttention"):
        assemble(lesson(ATTEND + checked), lambda name: 1.0)
    assemble(lesson(ATTEND + setup + checked), lambda name: 1.0)


def test_an_exercise_that_the_bank_lacks_is_named(lesson: Read) -> None:
    with pytest.raises(LessonError, match="has no exercise attend"):
        assemble(lesson(ATTEND), {}.__getitem__)


def test_a_cell_that_is_no_python_is_named(lesson: Read) -> None:
    with pytest.raises(LessonError, match="04_topic.py, line 5: this is not Python"):
        assemble(lesson("# %%\nif :\n"), points)
