"""What goes wrong on the wires of ring_all_reduce: who sends what to whom."""

import torch

from autograder.exercises.memory_and_parallelism.ring_all_reduce import ring_all_reduce
from autograder.exercises.memory_and_parallelism.ring_all_reduce_mistakes import places_of


def changed(link, x, halfway):
    """Do what is to be done halfway, where the sum is there at once: each rank for its chunk."""
    if halfway is None:
        return
    for place in places_of(len(x), link.size):
        halfway(place)


@ring_all_reduce.mistake(
    "Whole vectors go round the ring: each step sends all numbers, not one chunk.",
    "How many bytes does a rank send in one step, and how many do its chunks hold?",
)
@torch.no_grad()
def whole_vectors(link, x, halfway=None):
    passed = x.clone()
    for _ in range(link.size - 1):
        link.send(passed, (link.rank + 1) % link.size)
        passed = link.receive((link.rank - 1) % link.size)
        x += passed
    changed(link, x, halfway)


@ring_all_reduce.mistake(
    "Everyone sends everything to everyone.",
    "With 100 ranks, how often does a rank send its whole vector?",
)
@torch.no_grad()
def all_to_all(link, x, halfway=None):
    others = [rank for rank in range(link.size) if rank != link.rank]
    for rank in others:
        link.send(x, rank)
    for rank in others:
        x += link.receive(rank)
    changed(link, x, halfway)


@ring_all_reduce.mistake(
    "All send to rank 0, which adds and sends back: one rank carries what all the others do.",
    "How many bytes go in and out of rank 0? How does that grow with the number of ranks?",
)
@torch.no_grad()
def root(link, x, halfway=None):
    if link.rank == 0:
        for rank in range(1, link.size):
            x += link.receive(rank)
        changed(link, x, halfway)
        for rank in range(1, link.size):
            link.send(x, rank)
    else:
        link.send(x, 0)
        x.copy_(link.receive(0))


@ring_all_reduce.mistake(
    "The sum runs along a chain and back, whole: while one rank works, the others wait.",
    "How many ranks send at the same time?",
)
@torch.no_grad()
def chain(link, x, halfway=None):
    last = link.size - 1
    if link.rank > 0:
        x += link.receive(link.rank - 1)
    if link.rank < last:
        link.send(x, link.rank + 1)
        x.copy_(link.receive(link.rank + 1))
    else:
        changed(link, x, halfway)
    if link.rank > 0:
        link.send(x, link.rank - 1)


@ring_all_reduce.mistake(
    "Chunks go straight to the rank that collects them, not round the ring.",
    "To how many different ranks does one rank send?",
)
@torch.no_grad()
def straight(link, x, halfway=None):
    places = places_of(len(x), link.size)
    others = [rank for rank in range(link.size) if rank != link.rank]
    for rank in others:
        link.send(x[places[rank]], rank)
    for rank in others:
        x[places[link.rank]] += link.receive(rank)
    if halfway is not None:
        halfway(places[link.rank])
    for rank in others:
        link.send(x[places[link.rank]], rank)
    for rank in others:
        x[places[rank]] = link.receive(rank)


@ring_all_reduce.mistake(
    "Everyone receives before it sends, so everyone waits for ever.",
    "Who sends the first message?",
)
@torch.no_grad()
def receives_first(link, x, halfway=None):
    size, rank = link.size, link.rank
    after, before, places = (rank + 1) % size, (rank - 1) % size, places_of(len(x), size)
    for step in range(size - 1):
        got = link.receive(before)
        link.send(x[places[(rank - step) % size]], after)
        x[places[(rank - step - 1) % size]] += got
    if halfway is not None:
        halfway(places[after])


@ring_all_reduce.mistake(
    "It sends to the next rank and receives from the next, too, which sends the other way.",
    "Rank 1 sends to rank 2. From whom does rank 1 receive?",
)
@torch.no_grad()
def waits_for_the_next(link, x, halfway=None):
    size, rank = link.size, link.rank
    after, places = (rank + 1) % size, places_of(len(x), size)
    for step in range(size - 1):
        link.send(x[places[(rank - step) % size]], after)
        x[places[(rank - step - 1) % size]] += link.receive(after)
    if halfway is not None:
        halfway(places[after])
    for step in range(size - 1):
        link.send(x[places[(rank + 1 - step) % size]], after)
        x[places[(rank - step) % size]] = link.receive(after)


@ring_all_reduce.mistake(
    "The ring is not closed: the last rank sends to a rank that is not there.",
    "Which rank comes after the last one?",
)
@torch.no_grad()
def open_ring(link, x, halfway=None):
    size, rank = link.size, link.rank
    places = places_of(len(x), size)
    for step in range(size - 1):
        link.send(x[places[(rank - step) % size]], rank + 1)
        x[places[(rank - step - 1) % size]] += link.receive(rank - 1)
    if halfway is not None:
        halfway(places[(rank + 1) % size])
    for step in range(size - 1):
        link.send(x[places[(rank + 1 - step) % size]], rank + 1)
        x[places[(rank - step) % size]] = link.receive(rank - 1)


@ring_all_reduce.mistake(
    "Rank 0 sends only, and the last rank receives only: the ring has a beginning and an end.",
    "Does your code ask which rank it is? Should any rank do something else than the others?",
)
@torch.no_grad()
def one_way(link, x, halfway=None):
    if link.rank > 0:
        x += link.receive(link.rank - 1)
    if link.rank < link.size - 1:
        link.send(x, link.rank + 1)
    changed(link, x, halfway)


@ring_all_reduce.mistake(
    "It is written for two ranks: it exchanges halves with one neighbour and stops.",
    "Where does the number of ranks decide how many steps are made?",
)
@torch.no_grad()
def two_only(link, x, halfway=None):
    size, rank = link.size, link.rank
    if size == 1:
        return changed(link, x, halfway)
    after, before, places = (rank + 1) % size, (rank - 1) % size, places_of(len(x), size)
    link.send(x[places[rank]], after)
    x[places[before]] += link.receive(before)
    if halfway is not None:
        halfway(places[before])
    link.send(x[places[before]], after)
    x[places[(rank - 2) % size]] = link.receive(before)
