"""The stand-in for an implementation on trial: it crosses the wire and is made there."""

import sys

import pytest
import torch

from autograder import wire
from autograder.answering import observe
from autograder.stand_ins import STAND_INS
from autograder.suspects import Suspect
from autograder.trial import ask


def test_a_suspect_crosses_the_wire():
    sent = Suspect("attend", "scaled by power", 0.25)
    assert wire.unpack(wire.pack([sent])) == [sent]
    assert STAND_INS["suspect"] is Suspect


def test_an_answer_meets_the_implementation_itself():
    def answer(attend):
        x = torch.eye(2)
        return attend(x, x, x)[1]

    trial = ask(Suspect("attend", "library"))
    right = observe(answer, trial).outputs[0]
    wrong = observe(answer, ask(Suspect("attend", "unscaled"))).outputs[0]

    torch.testing.assert_close(right.sum(-1), torch.ones(2))
    assert not torch.allclose(right, wrong)


def test_where_a_lesson_builds_the_layer_itself_no_suspect_can_be_made_of_it(monkeypatch):
    # A sandbox masks the layer: importing it fails. Without it, nothing right is left over.
    monkeypatch.setitem(sys.modules, "gradus.attention", None)
    monkeypatch.delitem(sys.modules, "gradus.suspects.attend", raising=False)
    with pytest.raises(ImportError):
        Suspect("attend", "library").make()
