"""ring_all_reduce: the sum, and what it costs to send."""

import pytest
import torch

from gradus.parallel.ranks import Ranks
from gradus.parallel.ring import ring_all_reduce


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("n", [0, 1, 4, 7, 20])
def test_every_rank_gets_the_sum(size, n, rng):
    vectors = [torch.randn(n, generator=rng, dtype=torch.float64) for _ in range(size)]
    total = torch.stack(vectors).sum(0)
    ranks = Ranks(size)

    ranks.run(ring_all_reduce, [(x,) for x in vectors])

    for x in vectors:
        torch.testing.assert_close(x, total)
    assert ranks.unread() == 0


@pytest.mark.parametrize(("size", "n"), [(2, 10), (3, 30), (4, 100), (8, 64)])
def test_patarasuk_and_yuan_2009_each_rank_sends_two_rounds_less_two_chunks(size, n):
    # Theorem 1 there: no all-reduce sends less than 2 (P - 1) / P of the data from each rank.
    ranks = Ranks(size)

    ranks.run(ring_all_reduce, [(torch.ones(n),) for _ in range(size)])

    for rank, link in enumerate(ranks.links):
        assert link.sent_bytes == 2 * (size - 1) * n // size * 4
        assert len(link.sent) == 2 * (size - 1)
        assert {message.to for message in link.sent} == {(rank + 1) % size}


@pytest.mark.parametrize(("size", "n"), [(3, 10), (4, 7), (5, 3)])
def test_chunks_that_are_not_equal_lose_nothing(size, n):
    ranks = Ranks(size)

    ranks.run(ring_all_reduce, [(torch.ones(n),) for _ in range(size)])

    assert sum(link.sent_bytes for link in ranks.links) == 2 * (size - 1) * n * 4


@pytest.mark.parametrize("size", [1, 3, 4])
def test_halfway_each_rank_changes_its_complete_chunk_and_no_two_the_same(size, rng):
    vectors = [torch.randn(10, generator=rng) for _ in range(size)]
    total = torch.stack(vectors).sum(0)
    places = []

    def work(link, x):
        def halfway(own):
            torch.testing.assert_close(x[own], total[own])
            places.append((own.start, own.stop))
            x[own] = -x[own]

        ring_all_reduce(link, x, halfway)

    Ranks(size).run(work, [(x,) for x in vectors])

    covered = [i for start, stop in sorted(places) for i in range(start, stop)]
    assert covered == list(range(10))
    for x in vectors:
        torch.testing.assert_close(x, -total)


def test_a_view_is_changed_in_place():
    tables = [torch.arange(12.0).view(6, 2) for _ in range(3)]

    Ranks(3).run(ring_all_reduce, [(table[:, 1],) for table in tables])

    for table in tables:
        assert table[:, 1].tolist() == [3.0 * i for i in range(1, 12, 2)]
        assert table[:, 0].tolist() == [*range(0, 12, 2)]
