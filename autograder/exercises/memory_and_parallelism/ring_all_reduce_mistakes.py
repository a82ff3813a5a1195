"""What goes wrong in the two halves of ring_all_reduce."""

import torch

from autograder.exercises.memory_and_parallelism.ring_all_reduce import ring_all_reduce


def places_of(n, size):
    """Where the chunks begin and end."""
    return [slice(n * c // size, n * (c + 1) // size) for c in range(size)]


@torch.no_grad()
def around(link, x, halfway=None, **other):
    """The ring; `other` changes one thing in it."""
    size, rank = link.size, link.rank
    after, before = (rank + 1) % size, (rank - 1) % size
    places = other.get("places", places_of)(len(x), size)
    first, second = other.get("first", 0), other.get("second", 1)
    steps = other.get("steps", (size - 1, size - 1))
    for step in range(steps[0]):
        link.send(x[places[(rank + first - step) % size]], after)
        here = places[(rank - step - 1 + other.get("add_to", 0)) % size]
        x[here] = link.receive(before) + (0 if other.get("no_sum") else x[here])
    if halfway is not None and "own" not in other:
        halfway(places[after])
    elif halfway is not None and other["own"] is not None:
        halfway(places[(rank + other["own"]) % size])
    for step in range(steps[1]):
        link.send(x[places[(rank + second - step) % size]], after)
        here = places[(rank + second - 1 - step) % size]
        x[here] = link.receive(before) + (x[here] if other.get("add_again") else 0)


@ring_all_reduce.mistake(
    "Only the first half is made: each rank has one complete chunk, and the rest is in pieces.",
    "After size - 1 steps, which of a rank's chunks hold the numbers of all ranks?",
)
def half_the_steps(link, x, halfway=None):
    around(link, x, halfway, steps=(link.size - 1, 0))


@ring_all_reduce.mistake(
    "The first half makes one step too many.",
    "A chunk starts on one rank. How many others have to add theirs?",
)
def too_many_steps(link, x, halfway=None):
    around(link, x, halfway, steps=(link.size, link.size - 1))


@ring_all_reduce.mistake(
    "Both halves make one step too few.",
    "With two ranks, how many steps does each half take?",
)
def too_few_steps(link, x, halfway=None):
    around(link, x, halfway, steps=(link.size - 2, link.size - 2))


@ring_all_reduce.mistake(
    "In the first half, what is received takes the place of the rank's own numbers.",
    "Where in the first half are two numbers added?",
)
def overwritten(link, x, halfway=None):
    around(link, x, halfway, no_sum=True)


@ring_all_reduce.mistake(
    "In the second half, what is received is added; it is complete already.",
    "What does a chunk hold that is handed round? What is missing in it?",
)
def added_again(link, x, halfway=None):
    around(link, x, halfway, add_again=True)


@ring_all_reduce.mistake(
    "The second half begins with chunk r, which is not the one that is complete on rank r.",
    "Follow one chunk through the first half: on which rank does it end?",
)
def second_begins_with_own(link, x, halfway=None):
    around(link, x, halfway, second=0)


@ring_all_reduce.mistake(
    "In the first half, what is received is added to the chunk that was just sent.",
    "The rank before sent one of its chunks. Which number has it on your rank?",
)
def added_to_wrong_chunk(link, x, halfway=None):
    around(link, x, halfway, add_to=1)


@ring_all_reduce.mistake(
    "In the first half, a rank sends the same chunk in every step.",
    "What does a rank send in step 1, now that it has received something in step 0?",
)
@torch.no_grad()
def same_chunk(link, x, halfway=None):
    size, rank = link.size, link.rank
    places = places_of(len(x), size)
    for _ in range(size - 1):
        link.send(x[places[rank]], (rank + 1) % size)
        x[places[(rank - 1) % size]] += link.receive((rank - 1) % size)
    around(link, x, halfway, steps=(0, size - 1))


@ring_all_reduce.mistake(
    "The chunks are n // size long, and what is left over at the end is never sent.",
    "11 numbers on 4 ranks: where are numbers 8, 9 and 10?",
)
def rest_lost(link, x, halfway=None):
    def equal(n, size):
        return [slice(n // size * c, n // size * (c + 1)) for c in range(size)]

    around(link, x, halfway, places=equal)


@ring_all_reduce.mistake(
    "torch.chunk makes fewer chunks than there are ranks when it does not come out even.",
    "How many chunks does torch.chunk make of 6 numbers for 4 ranks?",
)
def too_few_chunks(link, x, halfway=None):
    def chunked(n, size):
        ends = torch.tensor([len(c) for c in torch.arange(n).chunk(size)]).cumsum(0).tolist()
        return [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]

    around(link, x, halfway, places=chunked)


@ring_all_reduce.mistake(
    "All that is left over goes into the last chunk: the chunks are not as equal as they can be.",
    "50 numbers on 4 ranks: how long is the longest chunk? How long need it be?",
)
def rest_in_last(link, x, halfway=None):
    def uneven(n, size):
        last = [slice(n // size * (size - 1), n)]
        return [slice(n // size * c, n // size * (c + 1)) for c in range(size - 1)] + last

    around(link, x, halfway, places=uneven)


@ring_all_reduce.mistake(
    "It takes the mean of all ranks, not the sum.", "By what is anything divided, and who asked?"
)
def mean(link, x, halfway=None):
    around(link, x, halfway)
    x /= link.size


@ring_all_reduce.mistake(
    "It works on a copy: the rank's own x is as it was.",
    "Which lines write into x itself? What does a clone or a cat give you?",
)
def on_a_copy(link, x, halfway=None):
    x = x.clone()
    around(link, x, halfway)
    return x


@ring_all_reduce.mistake("`halfway` is never called.", "Where in your code is `halfway`?")
def never_halfway(link, x, halfway=None):
    around(link, x, halfway, own=None)


@ring_all_reduce.mistake(
    "`halfway` gets the place of chunk r, which is not the one that is complete on rank r.",
    "Which chunk did the rank receive last in the first half?",
)
def halfway_elsewhere(link, x, halfway=None):
    around(link, x, halfway, own=0)


@ring_all_reduce.mistake(
    "`halfway` is called at the very end, and what it writes is not handed round.",
    "Where do the two halves of your code meet?",
)
def halfway_last(link, x, halfway=None):
    around(link, x, own=None)
    if halfway is not None:
        halfway(places_of(len(x), link.size)[(link.rank + 1) % link.size])


@ring_all_reduce.mistake(
    "`halfway` is called at the very beginning, when no chunk is complete.",
    "What is the sum good for if it is changed before it is there?",
)
def halfway_first(link, x, halfway=None):
    if halfway is not None:
        halfway(places_of(len(x), link.size)[(link.rank + 1) % link.size])
    around(link, x, own=None)


@ring_all_reduce.mistake(
    "Numbers are sent in half precision, to save bytes.",
    "How many digits does a float16 have, and how far does it reach?",
)
@torch.no_grad()
def in_half(link, x, halfway=None):
    size, rank = link.size, link.rank
    after, before, places = (rank + 1) % size, (rank - 1) % size, places_of(len(x), size)
    for step in range(size - 1):
        link.send(x[places[(rank - step) % size]].half(), after)
        x[places[(rank - step - 1) % size]] += link.receive(before).to(x.dtype)
    if halfway is not None:
        halfway(places[after])
    for step in range(size - 1):
        link.send(x[places[(rank + 1 - step) % size]].half(), after)
        x[places[(rank - step) % size]] = link.receive(before).to(x.dtype)
