"""What is said of an answer that ended otherwise than the reference."""

import pytest
import torch

from autograder.judge import Close, complaint
from autograder.observation import Observation, Raised
from autograder.words import Words

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


@pytest.mark.parametrize("expected", [torch.ones(2), [1, 2], (torch.ones(2), 3), 5, "text"])
def test_who_returns_nothing_is_asked_for_a_return(expected):
    nothing, something = Observation(outputs=[None]), Observation(outputs=[expected])

    said = Close().fault([nothing], [something], Words(""))
    assert said.endswith(" Is a `return` missing?")
    assert Close().fault([nothing], [nothing], Words("")) is None
    inside = Close().fault([Observation(outputs=[[None]])], [Observation(outputs=[[1]])], Words(""))
    assert "return" not in inside
