"""check, seen from the learner's side: what it takes, what it refuses, and what it says."""

import json
import math

import pytest
import torch
from IPython.core.formatters import DisplayFormatter

from autograder import exercises, office, wire
from autograder.check import check
from autograder.exercise import Exercise
from autograder.office import Office
from autograder.trial import Trial, ask
from autograder.verdict import MIME, Verdict


def double(x, times=2):
    """Twice as much."""
    return x * times


doubling = Exercise(double)
doubling.case("two numbers", 2)(lambda rng: ask(torch.tensor([1.0, 4.0])))
doubling.mistake("It adds instead.", "Which operation doubles?")(lambda x, times=2: x + times)
size = Exercise(4096, name="cache_size")
size.case("the number", 1)(lambda rng: Trial())


@pytest.fixture
def at_the_office(monkeypatch):
    """An office that knows the two exercises above, at the other end of the wire."""
    known = {"double": doubling, "cache_size": size}
    monkeypatch.setattr(exercises, "find", known.get)
    monkeypatch.setattr(exercises, "names", lambda: list(known))
    desk = Office(seed=1)

    class Wire:
        request = staticmethod(desk.reply)

    wire.use(Wire())
    yield desk
    wire.use(None)


@pytest.mark.usefixtures("at_the_office")
class TestWithAnOffice:
    def test_a_right_function_gets_its_points(self):
        def double(x, times=2):
            return x + x if times == 2 else x * times

        assert float(check(double)) == 2

    def test_a_wrong_one_is_diagnosed(self):
        def double(x, times=2):
            return x + 2

        verdict = check(double)

        assert verdict.points == 0
        assert verdict.diagnoses[0].name == "It adds instead."

    def test_a_number_is_checked_by_name(self):
        assert check(cache_size=4096).passed
        assert not check(cache_size=4097).passed
        assert not check(cache_size=torch.ones(3)).passed
        assert not check(cache_size=object()).passed

    def test_the_wrong_kind_of_thing_is_said(self):
        class double: ...

        assert check(double).refused == "double should be a function; this is a class."

    def test_a_wrong_signature_is_said_with_both(self):
        def double(y):
            return y

        assert check(double).refused == ("double should take (x, times=2); this one takes (y).")

    def test_extra_parameters_with_defaults_do_no_harm(self):
        def double(x, times=2, *, loud=False):
            return x * times

        assert check(double).passed

    def test_an_unknown_name_is_answered_with_near_ones(self):
        def dubble(x):
            return x

        assert "There is no exercise called dubble. Did you mean double?" in str(
            check(dubble).refused
        )

    @pytest.mark.parametrize("answer", [None, 3, "double", torch.ones(2), [double]])
    def test_results_and_names_are_not_answers(self, answer):
        assert "check(attend)" in str(check(answer).refused)

    def test_two_things_at_once_are_refused(self):
        assert "One thing at a time" in str(check(double, cache_size=1).refused)
        assert "One thing at a time" in str(check(cache_size=1, other=2).refused)

    def test_a_lambda_has_no_exercise(self):
        assert "no exercise called <lambda>" in str(check(lambda x: x).refused)


def test_the_librarys_own_function_is_told_apart_from_ones_own():
    from gradus import attention

    def attend(q, k, v, mask=None):
        return attention.attend(q, k, v, mask)

    def imports_inside(q, k, v, mask=None):
        from gradus.attention import attend

        return attend(q, k, v, mask)

    imports_inside.__name__ = "attend"

    for answer in (attention.attend, attend, imports_inside):
        verdict = check(answer)

        assert verdict.points == 0
        assert "the library's own gradus.attention.attend" in str(verdict.refused)


def test_a_subclass_of_the_librarys_own_layer_is_told_too():
    from gradus import attention

    class MultiHeadAttention(attention.MultiHeadAttention):
        pass

    assert "library's own" in str(check(MultiHeadAttention).refused)


def test_an_exercise_can_be_sat_once_when_it_counts(at_the_office):
    desk = Office(seed=1, once=True)

    class Wire:
        request = staticmethod(desk.reply)

    wire.use(Wire())

    def wrong(x, times=2):
        return x

    wrong.__name__ = "double"

    assert not check(wrong).passed
    assert "already examined" in str(check(double).refused)
    assert desk.verdicts["double"].points == 0


def test_a_notebook_is_told_its_points_only_when_it_counts(at_the_office):
    desk = Office(seed=1, once=True)

    class Wire:
        request = staticmethod(desk.reply)

    wire.use(Wire())

    def wrong(x, times=2):
        return x + times

    wrong.__name__ = "double"
    verdict = check(wrong)

    assert (float(verdict), verdict.max_points, verdict.passed) == (0, 2, False)
    assert (verdict.cases, verdict.diagnoses) == ([], [])
    assert DisplayFormatter().format(verdict) == ({}, {})  # its grader shows it
    assert desk.verdicts["double"].diagnoses[0].name == "It adds instead."
    assert "expected" in desk.verdicts["double"].cases[0].message


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"not a message at all",
        wire.pack(3),
        wire.pack({"ticket": 1, "seen": []}),
        wire.pack({"sit": "double"}),
        wire.pack({"sit": ["double"], "facts": {}}),
        wire.pack({"ticket": [], "seen": [1]}),
    ],
)
def test_nonsense_on_the_wire_earns_nothing(message, at_the_office):
    reply = wire.unpack(Office().reply(message))

    assert reply["verdict"]["points"] == 0


def test_forged_observations_of_the_wrong_number_earn_nothing(at_the_office):
    desk = Office(seed=1)
    facts = {"kind": "function", "parameters": ["x", "times=2"], "library": None}
    wanted = wire.unpack(desk.reply(wire.pack({"sit": "double", "facts": facts})))
    reply = desk.reply(wire.pack({"ticket": wanted["ticket"], "seen": []}))

    assert wire.unpack(reply)["verdict"]["points"] == 0


def test_the_wire_shows_no_expected_output_and_no_case_name(at_the_office):
    desk = Office(seed=1)
    facts = {"kind": "function", "parameters": ["x", "times=2"], "library": None}
    message = desk.reply(wire.pack({"sit": "double", "facts": facts}))

    assert b"two numbers" not in message
    assert set(wire.unpack(message)) == {"ticket", "kind", "questions", "forbidden", "seconds"}


def test_a_verdict_shows_a_number_a_panel_and_itself_as_data():
    verdict = office.refuse(doubling, "Not <b>this</b> time.")
    bundle = verdict._repr_mimebundle_()

    assert float(bundle["text/plain"]) == 0
    assert "Not &lt;b&gt;this&lt;/b&gt; time." in bundle["text/html"]
    assert Verdict.from_json(json.loads(json.dumps(bundle[MIME]))) == verdict
    assert repr(verdict) == "double · 0 of 2 points\n  Not <b>this</b> time."
    assert math.isfinite(float(verdict))
