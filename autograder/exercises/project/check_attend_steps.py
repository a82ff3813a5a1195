"""A test of attend whose strength can be taken away bit by bit."""

import torch
from torch import Generator, randn

SIZES = (4, 6, 5, 7)  # queries, keys, d_head, d_value


def inputs(sizes=SIZES, batch=(2, 3), factor=1.0, generator=None):
    """Queries, keys and values of these sizes, always the same ones."""
    query, key, d_head, d_value = sizes
    generator = generator or Generator().manual_seed(1)
    q = factor * randn(*batch, query, d_head, generator=generator)
    k = randn(*batch, key, d_head, generator=generator)
    return q, k, randn(*batch, key, d_value, generator=generator)


def some_mask(sizes=SIZES, batch=(2,), empty=True):
    """About half of the keys are hidden; one query may read nothing if `empty`."""
    heads = (1,) if batch else ()
    seen = torch.rand(*batch, *heads, *sizes[:2], generator=Generator().manual_seed(2)) < 0.5
    seen[..., 0] = True
    if empty:
        seen[..., -1, :] = False
    return seen


def expected_of(q, k, v, seen):
    """Output and weights from the definition."""
    scores = q.double() @ k.double().mT / q.shape[-1] ** 0.5
    if seen is not None:
        scores = scores.masked_fill(~seen, -torch.inf)
    weights = scores.softmax(-1).nan_to_num(0)
    return weights @ v.double(), weights


def agree(found, expected, margin=1e-5, parts=(0, 1)):
    """Hold what was found against what is expected."""
    for part in parts:
        torch.testing.assert_close(found[part].double(), expected[part], rtol=0, atol=margin)


def closed(weights, seen):
    """A hidden key has weight exactly 0."""
    assert not weights[~seen.expand_as(weights)].any(), "a hidden key is read"


def attempt(attend, given, seen, margin=1e-5, parts=(0, 1), watched=True, exact=True):
    """One call, held against the definition."""
    q, k, v = (t.clone() for t in given)
    found = attend(q, k, v) if seen is None else attend(q, k, v, seen)
    agree(found, expected_of(*given, seen), margin, parts)
    if exact and seen is not None:
        closed(found[1], seen)
    if watched:
        assert torch.equal(q, given[0]), "q has changed"


def strong(attend, factors=(1, 60), masks=None, **how):
    """The whole test; `how` takes away from it."""
    for factor in factors:
        for seen in masks or (None, some_mask()):
            margin = how.get("margin", 1e-5)
            attempt(attend, inputs(factor=factor), seen, **how | {"margin": margin * factor})
