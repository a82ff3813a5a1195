"""Error carried forward: a layer built on an earlier, recognised mistake keeps its points."""

import inspect

import pytest

from autograder.exercises.attention import EXERCISES
from autograder.rehearsal import sit
from gradus import attention

BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
LAYER = BY_NAME["MultiHeadAttention"]
EARLIER = [
    (name, mistake)
    for name in ("attend", "split_heads", "merge_heads")
    for mistake in BY_NAME[name].mistakes
]


def built_on(name, mistake):
    """The right layer, as somebody writes it who has made the mistake before."""
    namespace = vars(attention) | {name: mistake.answer}
    exec(inspect.getsource(attention.MultiHeadAttention), namespace)
    return namespace["MultiHeadAttention"]


@pytest.mark.parametrize(
    ("name", "mistake"), EARLIER, ids=[f"{name}: {mistake.name}" for name, mistake in EARLIER]
)
def test_a_layer_built_on_a_mistake_keeps_its_points_unless_it_only_crashes(name, mistake):
    answer = built_on(name, mistake)
    alone = sit(LAYER, answer)
    carried = sit(LAYER, answer, earlier={name: [mistake]})

    assert carried.points >= alone.points
    crashes = any("raised" in case.message for case in alone.cases)
    assert carried.passed or crashes, carried.text()
    if carried.passed and not alone.passed:
        assert mistake.name.rstrip(".") in carried.carried


@pytest.mark.parametrize("own", LAYER.mistakes, ids=lambda mistake: mistake.name)
def test_a_mistake_of_ones_own_is_never_excused(own):
    [unscaled] = [m for m in BY_NAME["attend"].mistakes if "are not scaled" in m.name]
    # Leaving the scaling out in the layer looks the same from outside: that may be excused.
    alike = [d.name for d in sit(LAYER, built_on("attend", unscaled)).diagnoses]
    excused = sit(LAYER, own.answer, earlier={"attend": [unscaled]}).carried is not None

    assert excused == (own.name in alike)
