import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.notebooks import build
from autograder.notebooks.build import build_all, notebook_path
from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.source import LessonError

LESSONS = ["00_warmup", "04_attention"]

Points = Callable[[str], float]


def edit(path: Path, old: str, new: str) -> None:
    """Change a word in a file."""
    path.write_text(path.read_text().replace(old, new))


def cells(root: Path, folder: str, lesson: str) -> dict[str, nbformat.NotebookNode]:
    """The cells of a built notebook, by id."""
    notebook = nbformat.read(notebook_path(root, folder, lesson), as_version=4)
    return {cell.id: cell for cell in notebook.cells}


def test_each_lesson_becomes_a_source_and_a_course_notebook_and_nothing_else(built: Path) -> None:
    for folder in ("build/source", "course"):
        files = {path for path in (built / folder).rglob("*") if path.is_file()}
        files.discard(built / "course" / "README.md")
        assert files == {notebook_path(built, folder, lesson) for lesson in LESSONS}


def test_the_release_has_signature_and_docstring_but_no_answer(built: Path) -> None:
    release = cells(built, "course", "04_attention")
    attend, attention = release["attend"].source, release["MultiHeadAttention"].source

    assert attend.startswith("def attend(\n    q: Float[Tensor,")
    assert attend.endswith('"""\n    # YOUR CODE HERE\n    raise NotImplementedError()')
    assert "self.query = nn.Linear" in attention
    assert "split_heads(self.query(x)" not in attention
    assert attention.count("raise NotImplementedError()") == 1
    assert release["cache_bytes"].source == "# YOUR CODE HERE\nraise NotImplementedError()"


def test_hidden_tests_are_in_the_gradebook_only(built: Path) -> None:
    release = cells(built, "course", "00_warmup")
    assert release["tests-rms"].source == "assert rms([3.0, 3.0]) == 3.0"
    config = nbgrader_config(built)
    with Gradebook(config.CourseDirectory.db_url, "gradus") as gradebook:
        kept = gradebook.find_source_cell("tests-rms", "00_warmup", "00_warmup").source
        assert "rms([1.0, 7.0])" in kept
        assert gradebook.find_assignment("04_attention").max_score == 10.0


def test_graded_cells_are_locked_and_answers_are_not(built: Path) -> None:
    for name, cell in cells(built, "course", "04_attention").items():
        assert cell.metadata.get("editable", True) == (not name.startswith("check-"))


def test_ids_are_those_of_the_source(built: Path) -> None:
    for lesson in LESSONS:
        assert list(cells(built, "course", lesson)) == list(cells(built, "build/source", lesson))


def test_building_again_changes_no_byte(built: Path, points: Points) -> None:
    before = {path: path.read_bytes() for path in (built / "course").rglob("*") if path.is_file()}
    assert not any(result.changed for result in build_all(built, points))
    assert before == {path: path.read_bytes() for path in before}


def test_a_lesson_that_is_gone_leaves_the_course(built: Path, points: Points) -> None:
    (built / "solutions" / "00_warmup.py").unlink()
    results = build_all(built, points)
    assert [(result.lesson, result.changed) for result in results] == [
        ("04_attention", False),
        ("00_warmup", True),
    ]
    assert not (built / "course" / "00_warmup").exists()
    assert not (built / "build" / "source" / "00_warmup").exists()


def test_files_beside_a_source_notebook_do_not_reach_learners(built: Path, points: Points) -> None:
    (built / "build" / "source" / "04_attention" / "answers.py").write_text("secret = 1")
    build_all(built, points)
    assert [path.name for path in (built / "course" / "04_attention").iterdir()] == [
        "04_attention.ipynb"
    ]


def test_a_lesson_that_cannot_be_built_leaves_the_course_as_it_was(
    built: Path, points: Points
) -> None:
    course = notebook_path(built, "course", "04_attention")
    before = course.read_bytes()
    edit(built / "solutions" / "04_attention.py", "check(attend)", "check(attend, 2)")
    with pytest.raises(LessonError, match="04_attention.py, line 21"):
        build_all(built, points)
    assert course.read_bytes() == before


# nbgrader's own, whenever it adds a submission.
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_new_cells_after_submissions_are_refused_with_the_way_out(
    built: Path, points: Points
) -> None:
    config = nbgrader_config(built)
    course = notebook_path(built, "course", "04_attention")
    before = course.read_bytes()
    with Gradebook(config.CourseDirectory.db_url, "gradus") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("04_attention", "ada")
    lesson = built / "solutions" / "04_attention.py"

    edit(lesson, "Who reads whom", "New words")
    assert [result.changed for result in build_all(built, points)] == [False, True]

    edit(lesson, "cache_bytes", "bytes_in_cache")
    with pytest.raises(LessonError, match="nbgrader db assignment remove 04_attention --force"):
        build_all(built, lambda name: 1.0)
    assert course.exists()
    assert course.read_bytes() != before  # the one with the new words, not nothing


@pytest.fixture
def stamped(course: Path, points: Points, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course built with what counts as the bank, so that the next build may skip."""
    monkeypatch.setattr(build, "bank_points", points)
    monkeypatch.setattr(build, "shared_digest", lambda: "the layers, the bank and the tools")
    build_all(course, points)
    return course


def made(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which lessons a build really builds."""
    lessons = []
    original = build.build_lesson

    def note(root: Path, path: Path, points: Points) -> object:
        lessons.append(path.stem)
        return original(root, path, points)

    with monkeypatch.context() as patch:
        patch.setattr(build, "build_lesson", note)
        build_all(root, build.bank_points)
    return lessons


def test_what_has_not_changed_is_skipped(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(stamped, monkeypatch) == []


def test_any_change_to_inputs_or_outputs_is_noticed(
    stamped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(stamped / "solutions" / "04_attention.py", "Who reads whom", "New words")
    assert made(stamped, monkeypatch) == ["04_attention"]

    course = notebook_path(stamped, "course", "00_warmup")
    notebook = json.loads(course.read_text())
    notebook["cells"].pop()
    course.write_text(json.dumps(notebook))
    assert made(stamped, monkeypatch) == ["00_warmup"]

    notebook_path(stamped, "build/source", "00_warmup").unlink()
    assert made(stamped, monkeypatch) == ["00_warmup"]

    config = nbgrader_config(stamped)
    with Gradebook(config.CourseDirectory.db_url, "gradus") as gradebook:
        gradebook.update_or_create_grade_cell("tests-rms", "00_warmup", "00_warmup", max_score=9)
    assert made(stamped, monkeypatch) == ["00_warmup"]

    (stamped / "build" / "gradebook.db").unlink()
    assert made(stamped, monkeypatch) == LESSONS

    monkeypatch.setattr(build, "shared_digest", lambda: "another layer")
    assert made(stamped, monkeypatch) == LESSONS
    assert made(stamped, monkeypatch) == []


def test_the_digest_of_what_lessons_share_holds_every_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build.shared_digest()
    assert before == build.shared_digest()
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(build, "PACKAGES", (*build.PACKAGES, "extra"))
    with_extra = build.shared_digest()
    (tmp_path / "extra" / "layer.py").write_text("x = 1")
    assert len({before, with_extra, build.shared_digest()}) == 3
