from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.notebooks.source import Lesson, LessonError, authored, read

Read = Callable[[str], Lesson]


def test_words_on_the_marker_become_roles(lesson: Read) -> None:
    cells = lesson(
        '# %% exercise="A" holes="__init__ forward"\nimport a\n\n\n'
        '# %% check="A"\ncheck(A)\n# %% tests="b" points=1.5\nassert b\n# %%\nplain\n'
    ).cells

    assert [cell.role for cell in cells] == ["", "exercise", "check", "tests", ""]
    assert [cell.name for cell in cells] == ["", "A", "A", "b", ""]
    assert cells[1].holes == ("__init__", "forward")
    assert cells[2].holes is None
    assert cells[3].points == 1.5
    assert [cell.source for cell in cells[1:]] == ["import a", "check(A)", "assert b", "plain"]


def test_a_cell_knows_its_file_and_line(lesson: Read) -> None:
    cells = lesson("# %%\nfirst\n\n# %%\nsecond\n").cells
    assert [cell.place for cell in cells] == [
        f"solutions/04_topic.py, line {line}" for line in (1, 5, 8)
    ]


def test_where_a_string_looks_like_a_marker_cells_are_counted(lesson: Read) -> None:
    cells = lesson('# %%\ntext = """\n# %% in a string\n"""\n# %%\nsecond\n').cells
    assert [cell.place for cell in cells] == [
        f"solutions/04_topic.py, cell {number}" for number in (1, 2, 3)
    ]


def test_magics_are_comments_in_the_file_and_magics_in_the_notebook(lesson: Read) -> None:
    assert lesson("# %%\n# %matplotlib inline\n").cells[1].source == "%matplotlib inline"


def test_the_heading_gives_title_and_minutes(lesson: Read) -> None:
    assert (lesson("").title, lesson("").minutes, lesson("").name) == ("Topic", 10, "04_topic")


@pytest.mark.parametrize(
    "heading", ["# Topic", "## Topic\n# About 10 minutes.", "About 9 minutes."]
)
def test_a_heading_without_title_or_minutes_is_refused(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "04_topic.py"
    path.write_text(f"# %% [markdown]\n# {heading}\n")
    with pytest.raises(LessonError, match="starts with the title"):
        read(path)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('# %% exersise="a"\nx', 'exersise="a", which is not understood'),
        ("# %% exercise=a\nx", "exercise=a.*which is not understood"),
        ("# %% A title\nx", "A title.*which is not understood"),
        ('# %% exercise="a" check="a"\nx', "one thing, not exercise and check"),
        ('# %% [markdown] answer="a"\n# x', "only code can be graded"),
        ('# %% check="a" holes="forward"\nx', "holes belongs to a class exercise"),
        ('# %% check="a" points=2\nx', "points of a check are those of its exercise"),
        ('# %% tests="a"\nx', "needs a number of points"),
        ('# %% tests="a" points=0\nx', "needs a number of points"),
        ('# %% tests="a" points="2"\nx', "needs a number of points"),
        ('# %% tests="a" points=true\nx', "needs a number of points"),
    ],
)
def test_a_header_that_means_nothing_is_refused_where_it_stands(
    cell: str, reason: str, lesson: Read
) -> None:
    with pytest.raises(LessonError, match=f"solutions/04_topic.py, line 5: (.*){reason}"):
        lesson(cell)


def test_text_before_the_first_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "04_topic.py"
    path.write_text('"""A docstring."""\n\n# %% [markdown]\n# # Topic\n# About 10 minutes.\n')
    with pytest.raises(LessonError, match="text before the first"):
        read(path)


def test_lessons_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "solutions").mkdir()
    for name in ("10_later.py", "02_first.py", "README.md"):
        (tmp_path / "solutions" / name).touch()
    assert [path.stem for path in authored(tmp_path)] == ["02_first", "10_later"]


def test_a_lesson_without_a_number_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "attention.py").touch()
    with pytest.raises(LessonError, match="named after its number and topic"):
        authored(tmp_path)


def test_a_demonstration_is_marked_by_the_one_tag_there_is(lesson: Read) -> None:
    cells = lesson('# %% tags=["demo"]\nplot()\n\n# %%\nplain\n').cells

    assert [cell.demo for cell in cells] == [False, True, False]


@pytest.mark.parametrize(
    "header", ['tags=["slow"]', 'exercise="f" tags=["demo"]', '[markdown] tags=["demo"]']
)
def test_any_other_tag_or_a_demonstration_that_is_graded_is_refused(
    lesson: Read, header: str
) -> None:
    with pytest.raises(LessonError, match="only tag"):
        lesson(f"# %% {header}\nplot()\n")
