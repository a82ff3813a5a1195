"""Suspects: the right ones agree with the library, the wrong ones do not, and none says which."""

import inspect

import pytest
import torch
from torch import Generator, rand, randint, randn

from gradus import attention, filters, objective
from gradus.suspects import KINDS, suspect
from gradus.suspects import attend as of_attend
from gradus.suspects import lm_loss as of_lm_loss
from gradus.suspects import top_p_filter as of_top_p_filter

RIGHT = {
    "attend": "library double backwards rescaled".split() + ["query by query"],
    "lm_loss": ["library", "double", "text by text", "shifted logits"],
    "top_p_filter": ["library", "double", "padded", "row by row"],
}
WAYS = {"attend": of_attend, "lm_loss": of_lm_loss, "top_p_filter": of_top_p_filter}
NUMBERS = {
    "scaled by power": 0.3,
    "filled with": -2.0,
    "moved by a constant": 0.1,
    "times": 1.1,
    "a little less": 0.5,
}
LIBRARY = {
    "attend": attention.attend,
    "lm_loss": objective.lm_loss,
    "top_p_filter": filters.top_p_filter,
}


def given(kind, seed):
    """Inputs of a kind."""
    generator = Generator().manual_seed(seed)
    if kind == "attend":
        q, k, v = (randn(2, 3, *size, generator=generator) for size in ((4, 5), (6, 5), (6, 7)))
        seen = rand(2, 1, 4, 6, generator=generator) < 0.5
        seen[1, 0, 2] = False
        return [(q, k, v), (q, k, v, seen), (90 * q, k, v)]
    if kind == "lm_loss":
        ids = randint(7, (3, 5), generator=generator)
        ids[0, 1] = 0
        logits = 2 * randn(3, 5, 7, generator=generator)
        padding = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 1, 0, 0, 0]]).bool()
        nothing = torch.zeros(3, 5, dtype=torch.bool)
        sure = 1e4 * torch.nn.functional.one_hot(ids, 7).float()
        return [(logits, ids), (logits, ids, padding), (logits, ids, nothing), (sure, ids)]
    logits = 2 * randn(4, 7, generator=generator)
    logits[0, 3], logits[1, 2] = 6.0, -30.0
    return [(logits, p) for p in (0.0, 0.3, 0.6, 0.9, 1.0, 1.5)]


def outcome(function, arguments):
    """What comes back, and what the inputs are afterwards; the name of an error."""
    arguments = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
    try:
        return function(*arguments), arguments
    except ValueError:
        return "refused", []


def same(one, other):
    """Both refused, or results and inputs alike."""
    if not one[1] or not other[1]:  # a call that was refused
        return one[1] == other[1]
    try:
        torch.testing.assert_close(one, other, rtol=1e-4, atol=2e-4)
    except (AssertionError, TypeError, ValueError):
        return False
    return True


def agrees(kind, way):
    mine = suspect(kind, way, NUMBERS.get(way, 0.0))
    trials = [arguments for seed in range(2) for arguments in given(kind, seed)]
    return all(same(outcome(mine, a), outcome(LIBRARY[kind], a)) for a in trials)


EVERY = [(kind, way) for kind, module in WAYS.items() for way in module.WAYS]


@pytest.mark.parametrize(("kind", "way"), EVERY, ids=[f"{k}: {w}" for k, w in EVERY])
def test_right_suspects_agree_with_the_library_and_wrong_ones_do_not(kind, way):
    assert agrees(kind, way) == (way in RIGHT[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_from_outside_all_suspects_of_a_kind_look_alike(kind):
    module = __import__(f"gradus.suspects.{kind}", fromlist=["WAYS"])
    made = [suspect(kind, way) for way in module.WAYS]

    assert {function.__name__ for function in made} == {kind}
    assert len({inspect.getsource(function) for function in made}) == 1
    assert len({str(inspect.signature(function)) for function in made}) == 1


def test_what_does_not_exist_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match="choose one of attend"):
        suspect("softmax", "library")
    with pytest.raises(ValueError, match="unscaled"):
        suspect("attend", "beautiful")


def test_readers_look_where_their_way_says():
    ids = torch.tensor([[1, 2, 3, 4]])
    changed = torch.tensor([[1, 2, 5, 4]])
    moved = {
        way: (suspect("reader", way, 2.0)(ids) != suspect("reader", way, 2.0)(changed))[0]
        .any(-1)
        .tolist()
        for way in ("itself", "past", "one ahead", "everything", "window", "far ahead")
    }
    assert moved == {
        "itself": [False, False, True, False],
        "past": [False, False, True, True],
        "one ahead": [False, True, True, True],
        "everything": [True] * 4,
        "window": [False, False, True, True],
        "far ahead": [True, False, True, False],
    }
