"""A stand-in for what a test is tried on: an implementation that may be right or wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass
class Suspect:
    """An implementation of `kind`, written in a `way` of `gradus.suspects`.

    Some ways leave a `number` open.

    The library is looked up by name: this file enters the sandbox of every lesson, and those which
    build the layer themselves must not find it here.
    """

    kind: str
    way: str
    number: float = 0.0

    def make(self) -> Callable[..., Any]:
        """Return the implementation."""
        made: Callable[..., Any] = import_module("gradus.suspects").suspect(
            self.kind, self.way, self.number
        )
        return made
