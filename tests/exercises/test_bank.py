"""Every exercise catches its mistakes, knows most by name, and accepts its variants."""

import pytest

from autograder import exercises
from autograder.exercise import Exercise
from autograder.validation import validate_exercise

ALL = [e for lesson in exercises.LESSONS for e in exercises.of_lesson(lesson)]
RECOGNISED = 0.85  # of the mistakes of each lesson, by their own name or in an honest tie


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
def test_an_exercise_separates_right_from_wrong(exercise: Exercise):
    counts = validate_exercise(exercise)

    assert counts.mistakes_caught == counts.mistakes, counts.problems
    assert counts.generic_caught == counts.generic, counts.problems
    assert counts.variants_accepted == counts.variants, counts.problems
    assert counts.mistakes_recognised >= RECOGNISED * counts.mistakes, counts.problems
    assert not [p for p in counts.problems if "reference" in p or "by hand" in p]


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
def test_an_exercise_is_complete(exercise: Exercise):
    assert exercise.mistakes
    assert exercise.variants
    assert exercise.points == sum(case.points for case in exercise.all_cases()) > 0
    assert all(case.points > 0 for case in exercise.all_cases())
    names = [mistake.name for mistake in exercise.mistakes]
    assert len(names) == len(set(names))
    for mistake in exercise.mistakes:
        assert mistake.name.endswith((".", "!")), mistake.name
        assert "?" in mistake.look, mistake.look
    if exercise.kind != "value":
        assert exercise.reference.__doc__
        assert exercise.house is not None
        assert any(case.hidden for case in exercise.cases)


def test_names_are_unique_across_the_course():
    names = exercises.names()

    assert len(names) == len(set(names))
    assert exercises.find(names[0]) is ALL[0]
    assert exercises.find("no such exercise") is None
