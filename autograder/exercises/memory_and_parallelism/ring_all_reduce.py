"""ring_all_reduce: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, arange, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.memory_and_parallelism.on_the_wire import OnRanks
from autograder.on_ranks import RingOf
from autograder.trial import Trial, ask
from gradus.parallel import ring

ring_all_reduce = Exercise(ring.ring_all_reduce)

SUM = OnRanks()
TRAFFIC = OnRanks(wire="2 (size - 1) chunks of n / size numbers", ring=True)


def _ranks(rng, size, n, dtype=torch.float32):
    return [randn(n, generator=rng, dtype=dtype) for _ in range(size)]


@ring_all_reduce.case(
    "two ranks, by hand",
    0.5,
    judge=SUM,
    hint="Each rank sends half of its vector, gets a half, adds it, and sends that sum back.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(RingOf([tensor([1.0, 2.0]), tensor([10.0, 20.0])]))
    left = {
        "x on rank 0": tensor([11.0, 22.0]),
        "x on rank 1": tensor([11.0, 22.0]),
        "sent by rank 0": [(1, 4), (1, 4)],
        "sent by rank 1": [(0, 4), (0, 4)],
        "messages that nobody received": 0,
        "bytes that do": 8,
    }
    return ByHand(trial, ([None, None], left))


@ring_all_reduce.case(
    "the sum on three, four and five ranks",
    judge=SUM,
    hint="Every rank's x is the sum afterwards, in all of its chunks.",
)
def sums(rng: Generator) -> list[Trial]:
    powers = [arange(6.0) * 0 + 10.0**rank for rank in range(3)]
    return [
        ask(RingOf(powers)),
        ask(RingOf(_ranks(rng, 4, 12))),
        ask(RingOf(_ranks(rng, 5, 10))),
    ]


@ring_all_reduce.case(
    "chunks that cannot be equal",
    judge=SUM,
    hint="11 numbers on 4 ranks; 6 on 4; and 3 numbers on 5 ranks, where some chunks are empty.",
)
def uneven(rng: Generator) -> list[Trial]:
    return [ask(RingOf(_ranks(rng, size, n))) for size, n in ((4, 11), (4, 6), (5, 3), (2, 7))]


@ring_all_reduce.case(
    "what is sent: bytes, messages, and to whom",
    2,
    judge=TRAFFIC,
    hint="Both halves have size - 1 steps each; in a step, a rank sends one chunk.",
)
def sent(rng: Generator) -> list[Trial]:
    return [ask(RingOf(_ranks(rng, size, n))) for size, n in ((3, 30), (4, 100), (5, 60), (4, 50))]


@ring_all_reduce.case("one rank alone", 0.5, judge=TRAFFIC, hint="There is nobody to send to.")
def alone(rng: Generator) -> list[Trial]:
    return [ask(RingOf(_ranks(rng, 1, 5))), ask(RingOf(_ranks(rng, 1, 5), halfway=True))]


@ring_all_reduce.case(
    "something is done halfway",
    judge=SUM,
    hint="halfway is called once on each rank, when its own chunk is complete, and before that is "
    "handed round.",
)
def halfway(rng: Generator) -> list[Trial]:
    return [
        ask(RingOf(_ranks(rng, size, n), halfway=True)) for size, n in ((2, 6), (3, 9), (4, 11))
    ]


@ring_all_reduce.case("large and small numbers", 0.5, judge=TRAFFIC, hint="x keeps its own dtype.")
def precise(rng: Generator) -> list[Trial]:
    big = [tensor([1e30, 1e-30, 3.0, 0.0]), tensor([1e30, 1e-30, -3.0, 0.0])]
    return [
        ask(RingOf(big)),
        ask(RingOf(_ranks(rng, 3, 12, torch.float64))),
    ]


@ring_all_reduce.case("hidden", hidden=True, judge=TRAFFIC)
def hidden(rng: Generator) -> list[Trial]:
    return [
        ask(RingOf(_ranks(rng, size, n, torch.float64), halfway=half))
        for size, n, half in ((6, 61, False), (3, 17, True), (4, 40, False))
    ]


@ring_all_reduce.house_rules(0.5, judge=SUM)
def typical(rng: Generator) -> Trial:
    return ask(RingOf(_ranks(rng, 3, 8)))


@ring_all_reduce.variant
def views(link, x, halfway=None):
    chunks = x.tensor_split([len(x) * c // link.size for c in range(1, link.size)])
    right, left = (link.rank + 1) % link.size, (link.rank + link.size - 1) % link.size
    mine = link.rank
    with torch.no_grad():
        for _ in range(link.size - 1):
            link.send(chunks[mine], right)
            mine = (mine - 1) % link.size
            chunks[mine].add_(link.receive(left))
        if halfway:
            begin = sum(len(chunk) for chunk in chunks[:mine])
            halfway(slice(begin, begin + len(chunks[mine])))
        for _ in range(link.size - 1):
            link.send(chunks[mine], right)
            mine = (mine - 1) % link.size
            chunks[mine].copy_(link.receive(left))


@ring_all_reduce.variant
def one_chunk_later(link, x, halfway=None):
    """The same ring, begun with another chunk, and cut into larger pieces first."""
    size, rank = link.size, link.rank
    piece = -(-len(x) // size)

    def place(c):
        begin = c % size * piece
        return slice(min(begin, len(x)), min(begin + piece, len(x)))

    for step in range(2 * size - 2):
        if step == size - 1 and halfway is not None:
            halfway(place(rank))
        link.send(x[place(rank - 1 - step)], (rank + 1) % size)
        got = link.receive((rank - 1) % size)
        here = place(rank - 2 - step)
        x[here] = x[here] + got if step < size - 1 else got
    if size == 1 and halfway is not None:
        halfway(place(0))


@ring_all_reduce.variant
def padded(link, x, halfway=None):
    n, size, rank = len(x), link.size, link.rank
    piece = (n + size - 1) // size
    rows = torch.cat([x, x.new_zeros(piece * size - n)]).reshape(size, piece)
    for step in range(size - 1):
        link.send(rows[(rank - step) % size], (rank + 1) % size)
        rows[(rank - step - 1) % size] += link.receive((rank - 1) % size)
    own = (rank + 1) % size
    x.copy_(rows.flatten()[:n])
    if halfway is not None:
        place = slice(min(own * piece, n), min(own * piece + piece, n))
        halfway(place)
        rows[own, : place.stop - place.start] = x[place]
    passed = rows[own]
    for step in range(size - 1):
        link.send(passed, (rank + 1) % size)
        passed = link.receive((rank - 1) % size)
        rows[(rank - step) % size] = passed
    x.copy_(rows.flatten()[:n])
