"""What an answer changes in place is seen: the stand-ins that say what is left of them."""

import torch
from torch import tensor

from autograder.answering import observe
from autograder.stand_ins import Memories, Parameters, PublishedShape, Trainable
from autograder.trial import ask


def test_parameters_and_memories_are_seen_after_each_call():
    def step(parameters, memories):
        with torch.no_grad():
            parameters[0] -= parameters[0].grad
        memories[0]["step"] = memories[0].get("step", 0) + 1

    parameters = Parameters({"a": (tensor([5.0]), tensor([2.0])), "b": (tensor([1.0]), None)})
    seen = observe(step, ask(parameters, Memories([{}, {}])).times(2))
    assert [returned for returned, *_ in seen.outputs] == [None, None]
    assert [left["the parameter a"].item() for _, left, _ in seen.outputs] == [3.0, 1.0]
    assert seen.outputs[0][1]["the gradient of b"] is None
    assert [left for *_, left in seen.outputs] == [
        {'"step" in memory 0': 1},
        {'"step" in memory 0': 2},
    ]


def test_what_is_handed_over_is_new_in_every_trial():
    parameters = Parameters({"a": (tensor([5.0]), None)})
    trial = ask(parameters)
    for _ in range(2):
        seen = observe(lambda given: given[0].data.zero_(), trial)
        assert seen.outputs[0][1]["the parameter a"].item() == 0
    assert parameters.state["a"][0].item() == 5


def test_texts_that_wait_for_their_backward_are_counted():
    def both_at_once(model, batches):
        sum(model(ids).sum() for ids in batches).backward()

    def one_by_one(model, batches):
        for ids in batches:
            model(ids).sum().backward()

    trial = ask(Trainable({"table": torch.zeros(3, 3)}, room=2), [tensor([[0, 1]] * 2)] * 2)
    name = "the number of texts too many in memory at once"
    assert observe(both_at_once, trial).outputs[0][1][name] == 2
    assert observe(one_by_one, trial).outputs[0][1][name] == 0


def test_the_shape_of_a_gpt_is_that_of_the_library():
    from tests.gradus.tiny_gpt import D_FF, LAYERS, MAX_SEQ, VOCAB, WIDTH, tiny_gpt

    shape = PublishedShape(VOCAB, MAX_SEQ, WIDTH, D_FF, LAYERS)
    mine = {name: weight.shape for name, weight in shape.left(shape.make()).items()}
    assert mine == {name: weight.shape for name, weight in tiny_gpt().state_dict().items()}
