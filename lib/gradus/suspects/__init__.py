"""Suspects: implementations that may be right or wrong, for tests to tell apart.

`suspect("attend", "double")` is a right `attend` that is written in another way than the library's,
`suspect("attend", "unscaled")` a wrong one. From outside, all of a kind look alike.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

KINDS = ("attend", "lm_loss", "top_p_filter", "reader")


def suspect(kind: str, way: str, number: float = 0.0) -> Callable[..., Any]:
    """Return an implementation of one of `KINDS`, written in this way.

    Some ways leave a `number` open. Raises ValueError for a kind or a way that does not exist.
    """
    if kind not in KINDS:
        raise ValueError(f"no suspects of the kind {kind!r}: choose one of {', '.join(KINDS)}")
    module = import_module(f"gradus.suspects.{kind}")
    if way not in module.WAYS:
        ways = ", ".join(module.WAYS)
        raise ValueError(f"no {kind} is written in the way {way!r}: choose one of {ways}")
    disguised: Callable[..., Any] = module.disguise(module.WAYS[way], number)
    return disguised
