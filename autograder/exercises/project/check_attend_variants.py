"""Strong tests of attend that are written otherwise."""

import math

import torch
from torch import Generator, rand, randn, tensor

from autograder.exercises.project.check_attend import check_attend
from gradus import attention


@check_attend.variant
def beside_the_library(attend):
    """Many inputs, held against one that is known to be right."""
    generator = Generator().manual_seed(11)
    for batch, query, key, d_head, d_value in [((2, 2), 3, 5, 4, 6), ((3,), 6, 4, 3, 5)]:
        for factor, margin in ((1, 2e-5), (40, 1e-3)):
            q = factor * randn(*batch, query, d_head, generator=generator)
            k = randn(*batch, key, d_head, generator=generator)
            v = randn(*batch, key, d_value, generator=generator)
            seen = rand(*batch, query, key, generator=generator) < 0.5
            seen[0, ..., 1, :] = False
            for mask in (None, seen):
                asked = q.clone()
                found = attend(asked, k, v, mask)
                for mine, theirs in zip(found, attention.attend(q, k, v, mask), strict=True):
                    torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=margin)
                if mask is not None and found[1][~mask].any():
                    raise AssertionError("hidden, and read")
                assert torch.equal(asked, q)


@check_attend.variant
def number_by_number(attend):
    """Every weight by itself, with Python's own numbers."""
    generator = Generator().manual_seed(12)
    q, k, v = (randn(2, *size, generator=generator) for size in ((3, 6), (5, 6), (5, 2)))
    seen = rand(2, 3, 5, generator=generator) < 0.5
    seen[0, 2] = False
    for factor in (1, 200):
        for mask in (None, seen):
            asked = factor * q
            output, weights = attend(asked, k, v, mask=mask)
            assert (asked == factor * q).all()
            for text in range(2):
                for i in range(3):
                    scores = [(factor * q[text, i] @ key).item() / math.sqrt(6) for key in k[text]]
                    keys = [j for j in range(5) if mask is None or mask[text, i, j]]
                    top = max((scores[j] for j in keys), default=0)
                    powers = [math.exp(scores[j] - top) if j in keys else 0 for j in range(5)]
                    row = [one / (sum(powers) or 1) for one in powers]
                    for j in range(5):
                        if row[j] == 0 and weights[text, i, j] != 0 and j not in keys:
                            raise ValueError("a weight where none may be")
                    error = (weights[text, i] - tensor(row)).abs().max()
                    assert error < 1e-5 * factor
                    read = sum((one * value for one, value in zip(row, v[text], strict=True)))
                    assert (output[text, i] - read).abs().max() < 2e-5 * factor


@check_attend.variant
def by_its_properties(attend):
    """No second attention at all: what must be true of a softmax, and of an average."""
    generator = Generator().manual_seed(13)
    q, v = randn(2, 4, 5, generator=generator), randn(2, 6, 3, generator=generator)
    k = randn(2, 6, 5, generator=generator)
    seen = rand(2, 4, 6, generator=generator) < 0.6
    seen[..., 0] = True
    seen[1, 1] = False
    for factor, margin in ((1.0, 1e-4), (30.0, 1e-2)):
        for mask in (None, seen):
            asked = factor * q
            output, weights = attend(asked, k, v, mask)
            assert torch.equal(asked, factor * q)
            allowed = torch.ones_like(seen) if mask is None else mask
            assert not weights[~allowed].any()
            assert factor > 1 or weights[allowed].all()
            full = allowed.any(-1)
            torch.testing.assert_close(weights.sum(-1), full.float(), rtol=0, atol=1e-5)
            torch.testing.assert_close(output, weights @ v, rtol=0, atol=1e-5)
            # The ratio of two weights tells the difference of their scores.
            scores = factor * q @ k.mT / 5**0.5
            logs = weights.log()
            for text, row in full.nonzero().tolist():
                keys = (weights[text, row] > 1e-4).nonzero()[:, 0]
                gaps = logs[text, row, keys] - logs[text, row, keys[0]]
                wanted = scores[text, row, keys] - scores[text, row, keys[0]]
                assert (gaps - wanted).abs().max() < margin
                best = scores[text, row].masked_fill(~allowed[text, row], -math.inf).argmax()
                assert weights[text, row].argmax() == best
