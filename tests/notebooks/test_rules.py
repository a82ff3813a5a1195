from collections.abc import Callable

import pytest

from autograder.notebooks.rules import grade_id, obey
from autograder.notebooks.source import Lesson, LessonError

Read = Callable[[str], Lesson]

EXERCISE = '# %% exercise="attend"\nfrom gradus.attention import attend\n'
CHECK = '# %% check="attend"\ncheck(attend)\n'
ANSWER = '# %% answer="rms"\n### BEGIN SOLUTION\nrms = 1\n### END SOLUTION\n'
TESTS = '# %% tests="rms" points=1\nassert rms\n'


def test_checked_exercises_and_tested_answers_are_accepted(lesson: Read) -> None:
    value = ANSWER + '# %% check="rms"\ncheck(rms=rms)\n'
    for text in (EXERCISE + CHECK, ANSWER + TESTS, value, EXERCISE + CHECK + ANSWER + TESTS):
        obey(lesson(text))


def test_several_tests_may_follow_one_answer_and_test_an_exercise_too(lesson: Read) -> None:
    more = TESTS.replace("rms", "rms-edges", 1)
    obey(lesson(ANSWER + TESTS + more + EXERCISE + CHECK + more.replace("rms", "attend")))


def test_a_check_and_its_exercise_have_different_grade_ids(lesson: Read) -> None:
    cells = lesson(EXERCISE + CHECK + ANSWER + TESTS).cells
    ids = [grade_id(cell) for cell in cells[1:]]
    assert ids == ["attend", "check-attend", "rms", "tests-rms"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (EXERCISE, 5, 'nothing checks exercise="attend".*Add `# %% check="attend"` below'),
        (ANSWER, 5, 'nothing checks answer="rms".*or `# %% tests="rms" points=1`'),
        (EXERCISE + TESTS.replace("rms", "attend"), 5, "nothing checks exercise"),
        (CHECK + EXERCISE, 5, "nothing to look at.*above it"),
        (TESTS, 5, "nothing to look at"),
        (EXERCISE + CHECK + EXERCISE, 9, "is taken by solutions/04_topic.py, line 5"),
        (EXERCISE + CHECK + CHECK, 9, "is taken by solutions/04_topic.py, line 7"),
        (ANSWER + TESTS + ANSWER, 11, "is taken by"),
        (EXERCISE + CHECK.replace("(attend)", "(attend);"), 7, "must be `check\\(attend\\)`"),
        (EXERCISE + CHECK.replace("(attend)", "(other)"), 7, "and nothing else"),
        (EXERCISE + CHECK + "print(1)\n", 7, "and nothing else"),
        (ANSWER.replace('"rms"', '"root mean"'), 5, "is no name"),
        (ANSWER.replace('"rms"', '"rms-edges"'), 5, "is no name"),
        (ANSWER + TESTS.replace("assert ", ""), 9, "must end on an assert"),
        (ANSWER + TESTS.replace("assert ", "assert ("), 9, "this is not Python"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", 5, "can only stand in a cell"),
        ("# %% [markdown]\n# BEGIN HIDDEN TESTS\n", 5, "can only stand in a cell"),
        (ANSWER.replace("### END SOLUTION\n", ""), 5, "needs an END SOLUTION"),
        (ANSWER.replace("### BEGIN SOLUTION\n", ""), 5, "needs an END SOLUTION"),
    ],
)
def test_a_broken_rule_is_named_where_it_is_broken(
    text: str, line: int, reason: str, lesson: Read
) -> None:
    with pytest.raises(LessonError, match=f"(?s)^solutions/04_topic.py, line {line}: .*{reason}"):
        obey(lesson(text))
