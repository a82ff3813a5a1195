"""Watching which of torch's built-ins an answer runs."""

import contextlib
import importlib
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode


def resolve(name: str) -> Any:
    """Return the object of a dotted name such as torch.nn.functional.softmax."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError:
        return getattr(resolve(module), attribute)


class Watch(TorchFunctionMode):
    """Note which of the `forbidden` functions and modules run, and which function failed last."""

    def __init__(self, forbidden: Iterable[str]) -> None:
        """Resolve the names once."""
        super().__init__()
        self.forbidden = {resolve(name): name for name in forbidden}
        self.seen: list[str] = []
        self.failed = ""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run the function as usual, and note it."""
        try:
            name = self.forbidden.get(func)
        except TypeError:  # an unhashable callable is none of ours
            name = None
        if name is not None:  # few are: every operation comes through here
            self.note(name)
        try:
            return func(*args, **(kwargs or {}))
        except Exception:
            self.failed = getattr(func, "__name__", "")
            raise

    def note(self, name: str | None) -> None:
        """Remember a forbidden name once."""
        if name is not None and name not in self.seen:
            self.seen.append(name)


@contextlib.contextmanager
def watching(forbidden: Iterable[str]) -> Iterator[Watch]:
    """Watch functions (through torch's function mode) and modules (through its global hook)."""
    watch = Watch(forbidden)

    def hook(module: nn.Module, _: Any) -> None:
        watch.note(watch.forbidden.get(type(module)))

    handle = torch.nn.modules.module.register_module_forward_pre_hook(hook)
    try:
        with watch:
            yield watch
    finally:
        handle.remove()
