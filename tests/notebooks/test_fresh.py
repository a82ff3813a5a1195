from collections.abc import Callable
from pathlib import Path

from autograder.notebooks.fresh import explain, stale

Points = Callable[[str], float]


def test_a_course_just_built_is_fresh(built: Path, points: Points) -> None:
    assert stale(built, points) == []


def test_whatever_differs_is_listed(built: Path, points: Points) -> None:
    page = built / "course" / "README.md"
    page.write_text(page.read_text().replace("| 3.5 |", "| 4 |"))
    attention = built / "course" / "04_attention"
    (attention / "04_attention.ipynb").write_text("{}")
    (attention / "answers.py").write_text("secret = 1")
    (attention / ".ipynb_checkpoints").mkdir()
    (attention / ".ipynb_checkpoints" / "04_attention.ipynb").touch()
    (built / "course" / "00_warmup" / "00_warmup.ipynb").unlink()
    (built / "course" / "map.svg").touch()

    lines = stale(built, points)

    assert lines == [
        "course/00_warmup/00_warmup.ipynb is missing",
        "course/04_attention/04_attention.ipynb differs from a fresh build",
        "course/04_attention/answers.py belongs to no lesson",
        "course/README.md differs from a fresh build",
    ]
    message = explain(lines)
    assert "`gradus build`" in message
    assert all(line in message for line in lines)


def test_nothing_to_say_of_a_fresh_course() -> None:
    assert explain([]) == ""


def test_looking_changes_nothing(built: Path, points: Points) -> None:
    files = [path for path in built.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    stale(built, points)
    assert before == {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}
