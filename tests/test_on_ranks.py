"""Answers that run on several ranks: each is called once, and what it did is written down."""

import torch
from torch import tensor

from autograder import wire
from autograder.answering import observe
from autograder.on_ranks import RingOf, Training
from autograder.trial import Trial, ask


def test_every_rank_is_called_and_what_it_sends_and_holds_is_seen():
    def answer(link, x):
        link.send(x[:2], (link.rank + 1) % link.size)
        x += 10 * link.rank
        return link.rank

    seen = observe(answer, ask(RingOf([torch.zeros(3), torch.ones(3)])))

    assert seen.raised is None
    returned, left = seen.outputs[0]
    assert returned == [0, 1]
    assert left["x on rank 1"].tolist() == [11, 11, 11]
    assert left["sent by rank 0"] == [(1, 8)]
    assert left["messages that nobody received"] == 2
    assert left["bytes that do"] == 2 * 2 * 4


def test_halfway_changes_what_it_is_told():
    def answer(link, x, halfway):
        halfway(slice(0, 1))

    seen = observe(answer, ask(RingOf([tensor([3.0, 3.0])], halfway=True)))
    assert seen.outputs[0][1]["x on rank 0"].tolist() == [-5, 3]


def test_training_ranks_begin_alike_and_count_what_is_remembered_and_read():
    state = {
        "tokens.weight": torch.randn(4, 3),
        "head.bias": torch.randn(4),
        "scale": torch.randn(3),
        "rare": torch.randn(3),
        "never": torch.randn(2),
    }
    batch = (tensor([[0, 1, 3]]), torch.ones(1, 3, dtype=torch.bool))

    def answer(link, model, ids, padding, memory, lr=1e-3):
        assert model.head.weight is model.tokens.weight
        assert not model.scale.requires_grad
        memory["mean"], memory["step"] = torch.zeros(5), tensor(1)
        model(ids, padding).sum().backward()
        return lr

    trial = ask(Training(state, [[batch, batch], [batch, batch]], sharded=True, lr=0.5))
    trial = Trial.from_value(wire.unpack(wire.pack(trial.as_value())))
    seen = observe(answer, trial)

    assert seen.raised is None, seen.raised
    returned, left = seen.outputs[0]
    assert returned == [[0.5, 0.5], [0.5, 0.5]]
    assert left["numbers remembered by rank 0"] == 5
    assert left["numbers that do"] == 2 * 11  # 21 numbers are trained, by two ranks
    assert left["texts read by rank 1"] == (2, 2)
    assert torch.equal(left["the weights tokens.weight on rank 0"], state["tokens.weight"])


def test_what_a_rank_raises_is_told_with_its_line():
    def answer(link, x):
        if link.rank == 1:
            raise ValueError("not like this")
        link.receive(1)

    seen = observe(answer, ask(RingOf([torch.zeros(2), torch.zeros(2)])))
    assert seen.raised is not None
    assert (seen.raised.kind, seen.raised.message) == ("ValueError", "not like this")
    assert "raise ValueError" in seen.raised.where


def test_a_loop_without_end_on_a_rank_is_stopped():
    def answer(link, x):
        while True:
            x = x + 0

    seen = observe(answer, ask(RingOf([torch.zeros(2), torch.zeros(2)])), seconds=0.5)
    assert seen.raised is not None
    assert seen.raised.kind == "TimeUp"
    assert seen.printed == ""


def test_ranks_that_wait_for_each_other_are_found_out():
    seen = observe(lambda link, x: link.receive(1 - link.rank), ask(RingOf([torch.zeros(2)] * 2)))
    assert seen.raised is not None
    assert seen.raised.kind == "Deadlock"
