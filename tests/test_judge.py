"""What is said of an answer that ended otherwise than the reference."""

import pytest

from autograder.judge import complaint
from autograder.observation import Observation, Raised

REFUSES = Observation(raised=Raised("ValueError", ["Exception"], "7 does not divide"))
RETURNS = Observation(outputs=[1])


def raised(kind: str, message: str = "", *bases: str) -> Observation:
    return Observation(raised=Raised(kind, list(bases), message))


@pytest.mark.parametrize("expected", [REFUSES, RETURNS], ids=["an error", "a value"])
@pytest.mark.parametrize(
    ("one", "said"),
    [
        (raised("TimeUp", "it had not returned after 5 seconds"), "It was stopped: it had not"),
        (raised("Skipped", "an earlier call took too long"), "Not tried: an earlier call"),
        (raised("WrongWeights", "w is missing"), "Its parameters are not those of the task"),
    ],
    ids=lambda value: "" if isinstance(value, str) else value.raised.kind,
)
def test_what_is_not_the_answers_own_error_is_said_first(one, said, expected):
    assert complaint(one, expected).startswith(said)


@pytest.mark.parametrize(
    ("one", "expected", "said"),
    [
        (RETURNS, RETURNS, None),
        (raised("Mine", "", "ValueError"), REFUSES, None),
        (RETURNS, REFUSES, "It should refuse this with ValueError: 7 does not divide"),
        (raised("KeyError"), REFUSES, "It should raise ValueError; it raised KeyError."),
        (raised("KeyError", "'x'"), RETURNS, "It raised KeyError: 'x'"),
        (raised("NotImplementedError"), RETURNS, "It is not written yet."),
    ],
)
def test_an_error_is_compared_with_what_was_expected(one, expected, said):
    assert complaint(one, expected) == said
