import json
import shutil
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.grading import gradebook
from autograder.grading.feedback import write_feedback
from autograder.grading.grade import grade
from autograder.grading.gradebook import rows
from autograder.grading.kernel import in_a_kernel
from autograder.grading.records import autograded_path
from autograder.notebooks.config import nbgrader_config
from autograder.notebooks.source import LessonError

LESSON = "04_attention"

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

DOUBLE = "def double(x):\n    return 2 * x"


def truth(root):
    return json.loads((root / "build" / "sample" / f"{LESSON}.json").read_text())["learners"]


def scores(root):
    return {row.learner: row.points for row in rows(root, LESSON)}


def only(outcomes):
    [outcome] = outcomes
    return outcome


@pytest.fixture
def run_once(run_here):
    def run(root, **options):
        outcomes = grade(root, LESSON, run=run_here, **options)
        return sorted(outcomes, key=lambda outcome: outcome.learner)

    return run


def test_the_sample_class_gets_its_true_scores(sampled, run_once):
    outcomes = run_once(sampled)

    assert len(outcomes) == 12
    assert scores(sampled) == {name: one["cells"] for name, one in truth(sampled).items()}


def test_grading_again_runs_only_what_has_changed(course, submit, run_once):
    path = submit("ada", double=DOUBLE)
    submit("ben")
    first = run_once(course)
    second = run_once(course)
    path.write_text(path.read_text().replace("2 * x", "3 * x"))
    third = run_once(course)

    assert [one.graded for one in first] == [True, True]
    assert [one.graded for one in second] == [False, False]
    assert [one.graded for one in third] == [True, False]
    assert scores(course)["ada"]["tests-double"] == 0


def test_manual_points_survive_and_force_grades_everything_again(course, submit, run_once):
    submit("ada", double=DOUBLE)
    run_once(course)
    with Gradebook(nbgrader_config(course).CourseDirectory.db_url, "gradus") as book:
        book.find_grade("check-causal_mask", LESSON, LESSON, "ada").manual_score = 3.5
        book.db.commit()

    assert only(run_once(course, force=True)).graded
    assert scores(course)["ada"]["check-causal_mask"] == 3.5


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b'{"cells": [', "cut off or damaged"),
        (b"[]", "it holds a list"),
        (b"\x80{", "its text is not UTF-8"),
        (None, "There is no notebook"),
    ],
)
def test_what_cannot_be_read_gets_nothing_a_reason_a_row_and_a_page(
    course, submit, data, says, run_once
):
    submit("zoe", double=DOUBLE)
    path = submit("ada")
    path.unlink() if data is None else path.write_bytes(data)

    outcomes = run_once(course)
    [page] = write_feedback(course, LESSON, ["ada"])

    assert says in outcomes[0].note
    assert set(scores(course)["ada"].values()) == {0.0}
    assert scores(course)["zoe"]["tests-double"] == 2
    assert "was not graded" in page.read_text()
    assert says in page.read_text()


def test_a_failure_in_one_submission_does_not_stop_the_class(course, submit, run_here):
    submit("ada")
    submit("zoe", double=DOUBLE)

    def run(notebook, folder):
        if "ada" in folder.parts:
            raise RuntimeError("the roof fell in")
        return run_here(notebook, folder)

    outcomes = list(grade(course, LESSON, run=run))

    assert "the roof fell in" in outcomes[0].note
    assert scores(course)["zoe"]["tests-double"] == 2


def test_cells_that_never_ran_get_nothing_but_those_before_keep_their_points(
    course, submit, run_here
):
    submit("ada", double=DOUBLE)

    def run(notebook, folder):
        run_here(notebook, folder)
        for cell in notebook.cells[:5]:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return "The kernel died; what came after that was not run."

    assert only(grade(course, LESSON, run=run)).note.startswith("The kernel died")
    assert scores(course)["ada"] == {
        "check-causal_mask": 0.0,
        "check-split_heads": 0.0,
        "tests-double": 2.0,
    }


def test_a_deleted_test_cell_comes_back(course, submit, run_once):
    path = submit("ada", double=DOUBLE)
    notebook = nbformat.read(path, 4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("assert")]
    nbformat.write(notebook, path)

    assert "tests-double had been deleted" in only(run_once(course)).note
    assert scores(course)["ada"]["tests-double"] == 2

    assert scores(course)["ada"]["tests-double"] == 2


def test_files_beside_the_notebook_are_there_but_links_are_not_followed(
    course, submit, tmp_path, run_here
):
    path = submit("ada")
    (path.parent / "data").mkdir()
    (path.parent / "data" / "words.txt").write_text("hello")
    (tmp_path / "secret").write_text("secret")
    (path.parent / "link").symlink_to(tmp_path / "secret")
    seen = []

    def run(notebook, folder):
        seen.extend(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")))
        return run_here(notebook, folder)

    assert only(grade(course, LESSON, run=run)).note == "Links were left out: link."
    assert seen == ["data", "data/words.txt"]


@pytest.mark.parametrize(
    ("text", "note"), [("soon", "holds no time"), ("2999-01-01 00:00:00 UTC", "in the future")]
)
def test_an_odd_timestamp_is_told_and_does_not_count(course, submit, text, note, run_once):
    path = submit("ada")
    (path.parent / "timestamp.txt").write_text(text)

    assert note in only(run_once(course)).note


def test_who_comes_late_is_penalised_until_they_were_in_time(course, submit, run_once, monkeypatch):
    def strict(root):
        config = nbgrader_config(root)
        config.LateSubmissionPlugin.penalty_method = "zero"
        return config

    def total():
        [row] = rows(course, LESSON)
        assert sum(row.points.values()) == 2  # earned, whatever the penalty
        return row.total

    monkeypatch.setattr(gradebook, "nbgrader_config", strict)
    with Gradebook(nbgrader_config(course).CourseDirectory.db_url, "gradus") as book:
        book.update_or_create_assignment(LESSON, duedate="2026-03-01 12:00:00 UTC")
    timestamp = submit("ada", double=DOUBLE).parent / "timestamp.txt"

    timestamp.write_text("2026-03-01 12:00:01 UTC")
    run_once(course)
    assert total() == 0
    timestamp.write_text("2026-03-01 11:59:59 UTC")
    run_once(course, force=True)
    assert total() == 2


def test_the_verdict_stands_beside_the_points(course, submit, run_once):
    submit("ada", causal_mask="def causal_mask(query, key=None, *, device=None):\n    return 1")
    run_once(course)
    with Gradebook(nbgrader_config(course).CourseDirectory.db_url, "gradus") as book:
        comment = book.find_comment("causal_mask", LESSON, LESSON, "ada").comment

    assert comment.startswith("causal_mask · 0 of ")
    assert "Failed: " in comment


def test_scripts_and_hidden_tests_stay_out_of_feedback(course, submit, run_once):
    path = submit("ada", double=f"{DOUBLE} + 1")
    notebook = nbformat.read(path, 4)
    notebook.cells[0].source = "# Hi <script>alert(1)</script>"
    nbformat.write(notebook, path)
    run_once(course)

    [page] = write_feedback(course, LESSON, ["ada"])

    text = page.read_text()
    assert "<script>alert" not in text
    assert "14" not in text.split("Hidden tests stand here")[0].rsplit("assert", 1)[1]
    assert "double(7)" not in text
    assert 'role="group"' in text  # the verdict panels show


def test_nobody_has_submitted_or_nothing_is_built_is_told(course, tmp_path, run_once):
    with pytest.raises(LessonError, match="nobody has submitted"):
        run_once(course)
    (course / "build" / "gradebook.db").unlink()
    with pytest.raises(LessonError, match="gradus build"):
        run_once(course)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's autograde runs on POSIX only")
def test_nbgraders_own_autograde_gives_the_same_points(sampled):
    true = truth(sampled)
    kept = [name for name, one in true.items() if one["role"] in ("mixed", "right, and loud")]
    for name in true.keys() - set(kept):
        shutil.rmtree(sampled / "build" / "submitted" / name)
    config = nbgrader_config(sampled)
    config.CourseDirectory.assignment_id = LESSON

    Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    theirs = scores(sampled)
    notes = [outcome.note for outcome in grade(sampled, LESSON, force=True)]

    assert theirs == scores(sampled) == {name: true[name]["cells"] for name in kept}
    assert notes == ["Not isolated: it ran in a plain kernel."] * 2


@pytest.mark.slow
def test_a_kernel_that_dies_leaves_what_was_earned_before(tmp_path):
    cells = [
        nbformat.v4.new_code_cell(source) for source in ("1 + 1", "import os; os._exit(3)", "2")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)

    note = in_a_kernel(notebook, tmp_path)

    assert note == "The kernel died; what came after that was not run."
    assert notebook.cells[0].outputs[0].data["text/plain"] == "2"
    assert notebook.cells[2].execution_count is None


def test_the_graded_notebook_is_where_nbgrader_expects_it(course, submit, run_once):
    submit("ada")
    run_once(course)

    path = course / "build" / "autograded" / "ada" / LESSON / f"{LESSON}.ipynb"
    assert path.exists()
    assert autograded_path.__doc__


def test_pages_of_a_class_are_written_by_several_processes(course, submit, run_once):
    names = ["ada", "bo", "cy", "dee", "eve"]
    for name in names:
        submit(name, double=DOUBLE)
    run_once(course)

    pages = list(write_feedback(course, LESSON, names))

    assert [page.parts[-3] for page in pages] == names
    assert all(page.is_file() for page in pages)
