"""Comparing two values in words: what was expected, what came, and where they first part."""

import math
from typing import Any

import torch
from torch import Tensor

from autograder.words import Words

KINDS = {
    "Tensor": "a tensor",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dictionary",
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bytes": "bytes",
    "bool": "True or False",
    "NoneType": "nothing (None)",
}


def kind(value: Any) -> str:
    """Say what kind of value this is."""
    return KINDS.get(type(value).__name__, f"a {type(value).__name__}")


def tolerance(dtype: torch.dtype) -> float:
    """How far apart two numbers of this dtype may be, relative to the largest: mere rounding."""
    return {torch.float64: 1e-8, torch.float32: 2e-5}.get(dtype, 2e-2)


def close(got: Tensor, expected: Tensor) -> Tensor:
    """True where the two agree: equal infinities and NaNs count, floats may differ by rounding."""
    if not expected.is_floating_point():
        return got == expected
    finite = expected[expected.isfinite()].abs()
    scale = max(1.0, finite.max().item()) if finite.numel() else 1.0
    margin = tolerance(expected.dtype) * scale
    return torch.isclose(got, expected, rtol=0, atol=margin, equal_nan=True)


def difference(got: Any, expected: Any, words: Words, part: int = 0, parts: int = 1) -> str | None:
    """Say how `got` differs from `expected`; None when it does not (rounding apart)."""
    name = words.part(part, parts)
    of = f" of {name}" if name else ""
    if isinstance(expected, Tensor):
        if not isinstance(got, Tensor):
            return f"Expected a tensor{' for ' + name if name else ''}, got {_show(got)}."
        return _tensor_difference(got, expected, words, part, of)
    if isinstance(expected, bool) or expected is None or isinstance(expected, str | bytes):
        same = type(got) is type(expected) and got == expected
        return None if same else f"Expected {_show(expected)}{of}, got {_show(got)}."
    if isinstance(expected, int | float):
        return _number_difference(got, expected, of)
    if isinstance(expected, list | tuple):
        return _sequence_difference(got, expected, words, parts)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, words)
    return None if got == expected else f"Expected {_show(expected)}{of}, got {_show(got)}."


def _number_difference(got: Any, expected: float, of: str) -> str | None:
    if isinstance(got, Tensor) and got.numel() == 1:
        got = got.item()
    if isinstance(got, bool) or not isinstance(got, int | float):
        return f"Expected a number{of}, got {_show(got)}."
    same = got == expected or (math.isnan(got) and math.isnan(expected))
    if same or math.isclose(got, expected, rel_tol=1e-6, abs_tol=1e-9):
        return None
    return f"Expected {expected:,.10g}{of}, got {got:,.10g}."


def _tensor_difference(
    got: Tensor, expected: Tensor, words: Words, part: int, of: str
) -> str | None:
    if got.shape != expected.shape:
        text = (
            f"The shape{of} should be {words.shape(tuple(expected.shape), part)}; "
            f"it is {tuple(got.shape)}."
        )
        if sorted(got.shape) == sorted(expected.shape):
            text += " These are the right sizes in another order."
        return text
    if got.dtype != expected.dtype:
        return f"The dtype{of} should be {_dtype(expected.dtype)}; it is {_dtype(got.dtype)}."
    if torch.equal(got, expected):  # as most are, to the last bit, and this is quickly seen
        return None
    wrong = ~close(got, expected)
    count = int(wrong.sum())
    if not count:
        return None
    index = tuple(int(i) for i in wrong.nonzero()[0])
    here = f"At {words.place(index, part)}{of}" if index else f"The number{of}"
    wanted, came = _apart(expected[index].item(), got[index].item())
    first = f"{here}: expected {wanted}, got {came}."
    if wrong.numel() == 1:
        return first
    share = f"All {count}" if count == wrong.numel() else f"{count} of {wrong.numel()}"
    return f"{first} {share} numbers differ."


def _sequence_difference(got: Any, expected: Any, words: Words, parts: int) -> str | None:
    if type(got) is not type(expected) and not (
        isinstance(got, list | tuple) and isinstance(expected, list)
    ):
        things = f" ({', '.join(words.returns)})" if words.returns else ""
        return f"It should return {kind(expected)} of {len(expected)}{things}, not {_show(got)}."
    for i, (mine, theirs) in enumerate(zip(got, expected, strict=False)):
        named = bool(words.returns) or isinstance(theirs, Tensor)
        text = difference(mine, theirs, words, i, 2 if named else 1)
        if text:
            return text if named else _in(f"Item {i}", text)
    if len(got) != len(expected):
        return f"Expected {len(expected)} items, got {len(got)}: {_show(got)}."
    return None


def _dict_difference(got: Any, expected: dict[Any, Any], words: Words) -> str | None:
    if not isinstance(got, dict):
        return f"Expected a dictionary, got {_show(got)}."
    for key in expected:
        if key not in got:
            return f"The entry {_show(key)} is missing ({len(got)} entries, not {len(expected)})."
        text = difference(got[key], expected[key], words)
        if text:
            return _in(f"Entry {_show(key)}", text)
    extra = next((key for key in got if key not in expected), None)
    return None if extra is None else f"There is an entry {_show(extra)} that should not be."


def _in(place: str, text: str) -> str:
    """Put in front where a difference was found: "Item 1, item 0: expected 256, got 257."."""
    nested = text.startswith(("Item ", "Entry "))
    return f"{place}{', ' if nested else ': '}{text[0].lower()}{text[1:]}"


def _dtype(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _apart(wanted: Any, came: Any) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as it takes to see it."""
    if not (isinstance(wanted, float) and isinstance(came, float)):
        return str(wanted), str(came)
    for digits in range(4, 18):
        texts = f"{wanted:.{digits}g}", f"{came:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _show(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, dict | list | tuple) and len(repr(value)) > 80:
        return f"{kind(value)} of {len(value)}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
