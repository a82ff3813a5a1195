import shutil

import pytest

from autograder.grading.alone import check_notebook
from autograder.grading.validate import secrets, validate
from autograder.notebooks.build import notebook_path

LESSON = "04_attention"


@pytest.mark.slow
def test_a_release_earns_nothing_and_stays_as_it_is(course, tmp_path):
    path = tmp_path / "mine.ipynb"
    shutil.copy(notebook_path(course, "course", LESSON), path)
    before = path.read_bytes()

    marks, note = check_notebook(path)

    assert [mark.points for mark in marks] == [0, 0, 0]
    assert [mark.label for mark in marks] == ["causal_mask", "split_heads", "double"]
    assert note == ""
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_sound_lesson_is_validated_and_a_stale_or_telling_course_is_not(course):
    release = notebook_path(course, "course", LESSON)
    telling = release.read_text().replace("Twice x.", "Twice x: return 2 * x")
    release.write_text(telling.replace("40 minutes", "### BEGIN SOLUTION"))

    proofs, stale = validate(course, [LESSON])

    proof = proofs[LESSON]
    assert proof.solution_points == proof.max_points > 0
    assert proof.release_points == 0
    assert proof.counts.mistakes_caught == proof.counts.mistakes > 80
    assert any("gives away" in problem for problem in proof.problems)
    assert stale == [f"course/{LESSON}/{LESSON}.ipynb differs from a fresh build"]


def test_mistakes_variants_and_hidden_cases_are_secrets():
    found = "\n".join(secrets(LESSON))

    assert "def wrong_sign" in found
    assert "def row_by_row" in found
    assert "hidden=True" in found
    assert secrets("99_other") == []
