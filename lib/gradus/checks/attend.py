"""A test for attend: worked out from its definition, on inputs that leave no mistake a corner.

What makes a test strong is known as mutation analysis: DeMillo, Lipton and Sayward 1978,
https://doi.org/10.1109/C-M.1978.218136
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Generator


def check_attend(attend: Callable[..., Any]) -> None:
    """Raise an AssertionError if an implementation of attention is wrong; do nothing if right.

    It is called as `attend(q, k, v)` or `attend(q, k, v, mask)`. What is right:

    - It returns (output, weights): softmax(q kᵀ / sqrt(d_head)) v, and the softmax, each query's
      weights in one row. The axes in front of the last two are the batch, however many there are.
    - There may be more keys than queries, or fewer. Values may be wider than keys, or narrower.
    - `mask` is True where a query may read a key. It broadcasts to the shape of the weights. A
      hidden key has weight exactly 0; a query that may read nothing gets weights and output 0.
    - Scores may be in the hundreds. Inputs stay as they are.

    Right implementations differ in their last digits, by less than 1e-5 where numbers are about 1.
    """
    generator = Generator().manual_seed(0)
    q = torch.randn(2, 3, 4, 5, generator=generator)
    k = torch.randn(2, 3, 6, 5, generator=generator)
    v = torch.randn(2, 3, 6, 7, generator=generator)
    mask = torch.rand(2, 1, 4, 6, generator=generator) < 0.6
    mask[1, 0, 2] = False
    for size in (1, 60):  # large scores lose digits: there the tolerance grows with them
        for seen in (None, mask):
            asked = size * q
            output, weights = attend(asked, k, v) if seen is None else attend(asked, k, v, seen)
            assert torch.equal(asked, size * q), "q was changed"
            scores = size * q.double() @ k.double().mT / 5**0.5
            if seen is not None:
                scores = scores.masked_fill(~seen, -torch.inf)
                assert not weights[~seen.expand_as(weights)].any(), "a hidden key has a weight"
            expected = scores.softmax(-1).nan_to_num(0)
            for mine, theirs in ((weights, expected), (output, expected @ v.double())):
                torch.testing.assert_close(mine.double(), theirs, rtol=0, atol=1e-5 * size)
