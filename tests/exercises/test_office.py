"""The office examines a class: who shows the very same gets the same verdict, worked out once."""

import inspect
import time
from threading import Thread

import pytest

from autograder import office, wire
from autograder.check import try_out
from autograder.exercises.attention import EXERCISES
from autograder.facts import facts_of
from autograder.observation import Observation, Raised
from autograder.office import Office
from autograder.verdict import Verdict
from gradus import attention

BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
ATTEND, LAYER = BY_NAME["attend"], BY_NAME["MultiHeadAttention"]
[UNSCALED] = [m for m in ATTEND.mistakes if "are not scaled" in m.name]
SEED = 11


def sit(desk, exercise, answer):
    """Let an answer of our own sit; it would else be refused, as the library's."""
    facts = facts_of(answer, exercise.name) | {"library": None}
    asked = wire.unpack(desk.reply(wire.pack({"sit": exercise.name, "facts": facts})))
    seen = [one.as_value() for one in try_out(answer, asked)]
    told = desk.reply(wire.pack({"ticket": asked["ticket"], "seen": seen}))
    return Verdict.from_json(wire.unpack(told)["verdict"])


@pytest.fixture
def examined(monkeypatch):
    """The names of exercises, as often as they are really examined."""
    names = []
    examine = office.examine

    def counted(paper, seen, earlier):
        names.append(paper.exercise.name)
        return examine(paper, seen, earlier)

    monkeypatch.setattr(office, "examine", counted)
    return names


@pytest.mark.parametrize("answer", [ATTEND.reference, UNSCALED.answer])
def test_what_is_the_same_is_examined_once_in_a_class(examined, answer):
    first, second = (sit(Office(SEED + 5, once=True), ATTEND, answer) for _ in range(2))

    assert first == second
    assert len(examined) == 1


def test_two_threads_of_one_process_are_examined_one_after_the_other(monkeypatch):
    inside, most = [], []
    examine = office.examine

    def slow(paper, seen, earlier):
        inside.append(1)
        time.sleep(0.2)
        most.append(len(inside))
        inside.pop()
        return examine(paper, seen, earlier)

    monkeypatch.setattr(office, "examine", slow)
    desks = [Office(seed, once=True) for seed in (SEED + 3, SEED + 4)]
    replies = []

    def show(desk):
        facts = facts_of(ATTEND.reference, "attend") | {"library": None}
        asked = wire.unpack(desk.reply(wire.pack({"sit": "attend", "facts": facts})))
        seen = [Observation(raised=Raised("E", [], "e")).as_value()] * len(asked["questions"])
        replies.append(desk.reply(wire.pack({"ticket": asked["ticket"], "seen": seen})))

    threads = [Thread(target=show, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(replies) == 2
    assert most == [1, 1]


def test_another_paper_is_another_matter(examined):
    for seed in (SEED + 1, SEED + 2):
        sit(Office(seed, once=True), ATTEND, ATTEND.reference)

    assert len(examined) == 2


def test_the_same_layer_is_excused_only_for_who_has_made_the_mistake_before():
    namespace = vars(attention) | {"attend": UNSCALED.answer}
    exec(inspect.getsource(attention.MultiHeadAttention), namespace)
    unscaled_layer = namespace["MultiHeadAttention"]
    passed = []
    for before in (UNSCALED.answer, ATTEND.reference, UNSCALED.answer):
        desk = Office(SEED, once=True)
        sit(desk, ATTEND, before)
        passed.append(sit(desk, LAYER, unscaled_layer).passed)

    assert passed == [True, False, True]
