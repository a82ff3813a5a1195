"""All-reduce around a ring: every rank gets the sum, and no rank is a bottleneck.

Patarasuk and Yuan 2009, https://doi.org/10.1016/j.jpdc.2008.09.002
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from gradus.parallel.link import Link


@torch.no_grad()
def ring_all_reduce(
    link: Link, x: Float[Tensor, " n"], halfway: Callable[[slice], None] | None = None
) -> None:
    """Replace x, on every rank, by the sum of the x of all ranks. All call this together.

    x is changed in place. It is cut into link.size chunks, as equal as they can be: chunk c goes
    from n · c // size to n · (c + 1) // size. Ranks stand in a ring: each sends to the next one
    only (after the last comes rank 0), and receives from the one before. Both halves have size - 1
    steps; in a step, every rank sends one chunk, and then receives another.

    1. Collect: rank r sends chunk r first, and then always the one that it has just received and
       added to its own. At the end its chunk r + 1 is complete: all ranks are in it.
    2. Hand round: rank r sends its complete chunk first, and then always the one that it has just
       received. What is received is complete, and takes the place of what was there.

    Chunks are numbered around the ring, too: after the last comes chunk 0. So every rank sends
    2 (size - 1) messages, which hold 2 (size - 1) / size · n numbers where size divides n.

    Between the halves `halfway`, if given, is called once on every rank, with the place of its
    complete chunk: a slice of x. What it writes there is what the second half hands round.
    """
    n, size = len(x), link.size
    after, before = (link.rank + 1) % size, (link.rank - 1) % size
    places = [slice(n * c // size, n * (c + 1) // size) for c in range(size)]

    for step in range(size - 1):
        link.send(x[places[(link.rank - step) % size]], after)
        x[places[(link.rank - step - 1) % size]] += link.receive(before)

    if halfway is not None:
        halfway(places[after])

    for step in range(size - 1):
        link.send(x[places[(link.rank + 1 - step) % size]], after)
        x[places[(link.rank - step) % size]] = link.receive(before)
