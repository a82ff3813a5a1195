"""Ranks in one process: deterministic, no hanging, and what goes wrong is told."""

import threading

import pytest
import torch

from gradus.parallel.ranks import Deadlock, Ranks


def test_results_come_by_rank_and_arguments_too():
    assert Ranks(3).run(lambda link, x: (link.rank, link.size, x), [("a",), ("b",), ("c",)]) == [
        (0, 3, "a"),
        (1, 3, "b"),
        (2, 3, "c"),
    ]


def test_messages_arrive_in_order_and_are_copies():
    def work(link):
        if link.rank == 0:
            x = torch.zeros(2)
            for step in range(3):
                x += 1
                link.send(x, 1)
                assert link.sent[-1].step == step
            x += 100
            return None
        return [link.receive(0).tolist() for _ in range(3)]

    ranks = Ranks(2)
    assert ranks.run(work)[1] == [[1, 1], [2, 2], [3, 3]]
    assert [(m.sender, m.to, m.bytes) for m in ranks.messages] == [(0, 1, 8)] * 3


def test_the_receiver_may_change_what_it_got():
    def work(link):
        link.send(torch.ones(3), 1 - link.rank)
        got = link.receive(1 - link.rank)
        got += 5
        return link.sent[0].content.tolist()

    assert Ranks(2).run(work) == [[1, 1, 1]] * 2


def test_a_deadlock_is_found_at_once_and_says_who_waits_for_whom():
    with pytest.raises(Deadlock, match="rank 0 for one from rank 1 and rank 1 for one from rank 0"):
        Ranks(2).run(lambda link: link.receive(1 - link.rank))


def test_waiting_for_a_rank_that_has_ended_is_a_deadlock():
    with pytest.raises(Deadlock, match="rank 2 for one from rank 0"):
        Ranks(3).run(lambda link: link.receive(0) if link.rank == 2 else None)


def test_an_error_of_one_rank_ends_all_and_is_raised():
    before = threading.active_count()

    def work(link):
        if link.rank == 1:
            raise KeyError("mine")
        try:
            link.receive(1)
        except Exception:  # what ends the others is not caught by this
            return "caught"
        return "received"

    with pytest.raises(KeyError, match="mine"):
        Ranks(3).run(work)
    assert threading.active_count() == before


def test_messages_that_nobody_received_are_counted():
    ranks = Ranks(2)
    ranks.run(lambda link: link.send(torch.ones(1), 1 - link.rank))
    assert ranks.unread() == 2


def test_every_run_is_the_same():
    def work(link):
        for other in range(link.size):
            if other != link.rank:
                link.send(torch.tensor([link.rank]), other)
        return [int(link.receive(o)) for o in range(link.size) if o != link.rank]

    def order():
        ranks = Ranks(4)
        ranks.run(work)
        return [(m.sender, m.to) for m in ranks.messages]

    assert order() == order()


@pytest.mark.parametrize("to", [-1, 2, 5])
def test_ranks_that_are_not_there_are_refused(to):
    with pytest.raises(ValueError, match=r"rank 0 cannot send to rank -?\d: the 2 ranks"):
        Ranks(2).run(lambda link: link.send(torch.ones(1), to) if link.rank == 0 else None)


def test_a_rank_has_no_wire_to_itself_and_carries_tensors_only():
    with pytest.raises(ValueError, match="rank 0 cannot send to itself"):
        Ranks(1).run(lambda link: link.send(torch.ones(1), 0))
    with pytest.raises(TypeError, match="int"):
        Ranks(2).run(lambda link: link.send(3, 1 - link.rank))
    with pytest.raises(ValueError, match="at least one"):
        Ranks(0)
