"""Suspects for attend: each takes (q, k, v, mask, number) and returns (output, weights).

The right ones use the library's `attend` in a roundabout way, so that only the last digits differ.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gradus.attention import attend as right

Both = tuple[Tensor, Tensor]
NOTHING = float("-inf")


def disguise(way: Callable[..., Both], number: float) -> Callable[..., Both]:
    """Give it the name and the parameters of what it claims to be."""

    def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Both:
        return way(q, k, v, mask, number)

    return attend


def _scores(q: Tensor, k: Tensor, mask: Tensor | None, fill: float = NOTHING) -> Tensor:
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return scores if mask is None else scores.masked_fill(~mask, fill)


def _read(weights: Tensor, v: Tensor) -> Both:
    return weights @ v, weights


def _scaled(factor: Any) -> Callable[..., Both]:
    """Scores that are `factor` times as large as they should be."""
    return lambda q, k, v, mask, n: right(q * factor(q, k, v, n), k, v, mask)


def _filled(fill: float) -> Callable[..., Both]:
    """Hidden scores are set to `fill`."""
    return lambda q, k, v, mask, n: _read(_scores(q, k, mask, fill).softmax(-1), v)


def _masked(change: Callable[[Tensor, Tensor, Tensor], Tensor | None]) -> Callable[..., Both]:
    """The mask is changed first, where there is one."""
    return lambda q, k, v, mask, n: right(q, k, v, None if mask is None else change(mask, q, k))


def _returned(change: Callable[[Tensor, Tensor, float], Both]) -> Callable[..., Both]:
    """Output and weights are right, and then changed."""
    return lambda q, k, v, mask, n: change(*right(q, k, v, mask), n)


def _query_by_query(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    rows = []
    for i in range(q.shape[-2]):
        row = mask if mask is None or mask.shape[-2] == 1 else mask[..., i : i + 1, :]
        rows.append(right(q[..., i : i + 1, :], k, v, row))
    return torch.cat([r[0] for r in rows], -2), torch.cat([r[1] for r in rows], -2)


def _backwards(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    mask = None if mask is None else mask.flip(-1)
    output, weights = right(q, k.flip(-2), v.flip(-2), mask)
    return output, weights.flip(-1)


def _double(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    output, weights = right(q.double(), k.double(), v.double(), mask)
    return output.to(q.dtype), weights.to(q.dtype)


def _rounded(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    output, weights = right(q.bfloat16(), k.bfloat16(), v.bfloat16(), mask)
    return output.to(q.dtype), weights.to(q.dtype)


def _overflow(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    weights = _scores(q, k, mask).exp()
    return _read(weights / weights.sum(-1, keepdim=True).clamp(min=1e-30), v)


def _hard(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    soft = right(q, k, v, mask)[1]
    return _read((soft == soft.amax(-1, keepdim=True)).to(v.dtype) * (soft > 0), v)


def _after(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    weights = right(q, k, v)[1]
    return _read(weights if mask is None else weights * mask, v)


def _causal(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    past = torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool, device=q.device).tril()
    return right(q, k, v, past if mask is None else past & mask)


def _as_many_keys(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    near = (torch.arange(k.shape[-2], device=q.device) < q.shape[-2])[None]
    return right(q, k, v, near if mask is None else near & mask)


def _first_text(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    output, weights = right(q, k, v, mask)
    if output.dim() < 3:
        return output, weights
    return output[:1].expand_as(output), weights[:1].expand_as(weights)


def _in_place(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, n: float) -> Both:
    found = right(q, k, v, mask)
    with torch.no_grad():
        q /= q.shape[-1] ** 0.5
    return found


WAYS: dict[str, Callable[..., Any]] = {
    # Right.
    "library": lambda q, k, v, mask, n: right(q, k, v, mask),
    "double": _double,
    "backwards": _backwards,
    "query by query": _query_by_query,
    "rescaled": lambda q, k, v, mask, n: right(q / 7, k * 7, v, mask),
    # The scale.
    "unscaled": _scaled(lambda q, k, v, n: q.shape[-1] ** 0.5),
    "scaled by width": _scaled(lambda q, k, v, n: q.shape[-1] ** -0.5),
    "scaled by values": _scaled(lambda q, k, v, n: (q.shape[-1] / v.shape[-1]) ** 0.5),
    "scaled by keys": _scaled(lambda q, k, v, n: (q.shape[-1] / k.shape[-2]) ** 0.5),
    "scaled by power": _scaled(lambda q, k, v, n: q.shape[-1] ** (0.5 - n)),
    # The softmax.
    "over queries": lambda q, k, v, mask, n: _read(
        _scores(q, k, mask).softmax(-2).nan_to_num(0), v
    ),
    "overflow": _overflow,
    "hard": _hard,
    "sigmoid": lambda q, k, v, mask, n: _read(_scores(q, k, mask).sigmoid(), v),
    # The mask.
    "mask ignored": _masked(lambda mask, q, k: None),
    "mask inverted": _masked(lambda mask, q, k: ~mask),
    "mask of the first": _masked(lambda mask, q, k: mask[:1] if mask.dim() > 2 else mask),
    "mask after the softmax": _after,
    "mask turned": _masked(lambda mask, q, k: mask.flip(-2)),
    "filled with 0": _filled(0.0),
    "filled with -10": _filled(-10.0),
    "filled with": lambda q, k, v, mask, n: _filled(n)(q, k, v, mask, n),
    "always causal": _causal,
    "nan": _filled(NOTHING),
    "all alike": _filled(-1e9),
    # What is read, and what is returned.
    "as many keys as queries": _as_many_keys,
    "first text": _first_text,
    "rounded": _rounded,
    "weights turned": _returned(lambda output, weights, n: (output, weights.mT)),
    "exchanged": _returned(lambda output, weights, n: (weights, output)),
    "moved by a constant": _returned(lambda output, weights, n: (output + n, weights)),
    "scores": lambda q, k, v, mask, n: (right(q, k, v, mask)[0], _scores(q, k, mask)),
    "in place": _in_place,
}
