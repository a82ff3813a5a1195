from pathlib import Path

import pytest

from autograder.notebooks.index import BEGIN, END, Entry, write_index
from autograder.notebooks.source import LessonError

ENTRIES = [
    Entry("00_warmup", "Warm-up", 5, 1, 3.5),
    Entry("04_attention", "Attention", 40, 3, 10.0),
]

TABLE = """\
|  | lesson | minutes | exercises | points |
| --- | --- | ---: | ---: | ---: |
| 00 | [Warm-up](00_warmup/00_warmup.ipynb) | 5 | 1 | 3.5 |
| 04 | [Attention](04_attention/04_attention.ipynb) | 40 | 3 | 10 |
|  | together | 45 | 4 | 13.5 |
"""


def test_a_build_writes_title_time_exercises_and_points_of_every_lesson(built: Path) -> None:
    assert TABLE in (built / "course" / "README.md").read_text()


def test_only_what_stands_between_the_comments_changes(course: Path) -> None:
    page = course / "course" / "README.md"
    by_hand = page.read_text()
    for _ in range(2):  # the second time over its own table
        write_index(course, ENTRIES)
        assert page.read_text() == by_hand.replace(f"{BEGIN}\n", f"{BEGIN}\n\n{TABLE}\n")


def test_a_page_without_the_comments_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "course" / "README.md"
    page.parent.mkdir()
    page.write_text(f"# The course\n\n{END}\n{BEGIN}\n")
    with pytest.raises(LessonError, match="Put these two lines"):
        write_index(tmp_path, ENTRIES)


def test_no_page_no_table(tmp_path: Path) -> None:
    write_index(tmp_path, ENTRIES)
    assert not list(tmp_path.iterdir())
