import json
from random import Random

import nbformat
import pytest

from autograder import exercises
from autograder.grading.engine.reading import read_submission
from autograder.notebooks.answers import answer_source
from autograder.notebooks.build import notebook_path
from autograder.notebooks.sample import ROLES, choices_of, names, write_sample
from autograder.notebooks.source import LessonError
from autograder.notebooks.truth import Truth
from autograder.rehearsal import sit

LESSON = "04_attention"


@pytest.fixture(scope="session")
def source(built_once):
    return read_submission(notebook_path(built_once, "build/source", LESSON))


@pytest.fixture(scope="session")
def choices(built_once, source):
    return choices_of(source, read_submission(notebook_path(built_once, "course", LESSON)))


def test_the_first_twelve_learners_are_one_of_each_kind(sampled_once):
    truth = json.loads((sampled_once / "build" / "sample" / f"{LESSON}.json").read_text())
    by_role = {one["role"]: one for one in truth["learners"].values()}

    assert list(by_role) == ROLES
    assert by_role["right"]["points"] == truth["max_points"]
    assert by_role["right in other words"]["points"] == truth["max_points"]
    assert by_role["right, and loud"]["points"] == truth["max_points"]
    assert by_role["blank"]["points"] == 0
    assert 0 < by_role["three mistakes"]["points"] < truth["max_points"]
    assert sum(truth["cells"].values()) == truth["max_points"]


def test_the_same_number_of_learners_is_the_same_class_and_replaces_the_one_before(course):
    write_sample(course, LESSON, 2)
    paths = sorted((course / "build" / "submitted").glob(f"*/{LESSON}/*.ipynb"))
    before = {path: path.read_bytes() for path in paths}
    real = course / "build" / "submitted" / "real_learner" / LESSON
    real.mkdir(parents=True)
    write_sample(course, LESSON, 3)
    write_sample(course, LESSON, 2)

    assert {path: path.read_bytes() for path in paths} == before
    assert len(list((course / "build" / "submitted").glob(f"*/{LESSON}"))) == 3
    assert real.exists()


def test_names_are_enough_for_a_benchmark_and_never_those_of_real_learners():
    assert len(set(names(500, lambda name: True))) == 500
    taken = names(1, lambda name: True)[0]
    assert taken not in names(40, lambda name: name != taken)
    with pytest.raises(LessonError, match="at most"):
        names(700, lambda name: True)


def test_submissions_differ_from_the_release_in_their_answers_only(sampled_once):
    answers = ("causal_mask", "split_heads", "double")
    release = nbformat.read(notebook_path(sampled_once, "course", LESSON), 4)
    locked = [cell for cell in release.cells if cell.id not in answers]

    for path in (sampled_once / "build" / "submitted").glob(f"*/{LESSON}/*.ipynb"):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        assert [cell for cell in notebook.cells if cell.id not in answers] == locked


@pytest.mark.parametrize("name", ["causal_mask", "split_heads"])
def test_a_mistake_as_source_is_worth_what_it_is_worth_in_the_bank(name, source, choices):
    exercise = exercises.find(name)
    right = {name: found["solution"][0].source for name, found in choices.items()}
    answers = Random(1).sample(choices[name]["mistake"], 3) + choices[name]["variant"][:1]
    known = {f"mistake: {m.name}": m.answer for m in exercise.mistakes}
    known |= {f"variant: {v.name}": v.answer for v in exercise.variants}

    for answer in answers:
        points = Truth().points(source, {**right, name: answer.source})

        assert points[f"check-{name}"] == sit(exercise, known[answer.what]).points


def test_most_of_the_bank_can_stand_in_a_notebook(choices):
    for name in ("causal_mask", "split_heads"):
        exercise = exercises.find(name)
        assert len(choices[name]["mistake"]) >= 0.8 * len(exercise.mistakes)
        assert len(choices[name]["variant"]) >= 0.8 * len(exercise.variants)


def test_an_answer_that_means_something_else_by_a_name_of_the_notebook_is_not_used():
    exercise = exercises.find("causal_mask")
    answer = exercise.mistakes[0].answer

    assert answer_source(exercise, answer, {}) is not None
    assert answer_source(exercise, answer, {"torch": object()}) is None


def test_a_lesson_that_is_not_built_is_told(tmp_path):
    with pytest.raises(LessonError, match="gradus build"):
        write_sample(tmp_path, LESSON)
