"""A stand-in for a module that an answer looks at, and does not run."""

from dataclasses import dataclass, field

import torch
from torch import nn


class Container(nn.Module):
    """A module that does nothing: it holds parameters, buffers and other modules."""


@dataclass
class Described:
    """A tree of modules: for answers that look at a module without running it.

    `parameters` and `buffers` map dotted names (`blocks.0.weight`) to shapes; all numbers are 0.
    `shared` maps a dotted name to that of a parameter or module which stands there too. Parameters
    in `frozen` are not trained.
    """

    parameters: dict[str, tuple[int, ...]]
    buffers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()

    def make(self) -> Container:
        """Return the outermost module."""
        root = Container()
        for name, shape in self.parameters.items():
            parameter = nn.Parameter(torch.zeros(shape), requires_grad=name not in self.frozen)
            holder, last = self._holder(root, name)
            setattr(holder, last, parameter)
        for name, shape in self.buffers.items():
            holder, last = self._holder(root, name)
            holder.register_buffer(last, torch.zeros(shape))
        for name, other in self.shared.items():
            owner, theirs = self._holder(root, other)
            holder, last = self._holder(root, name)
            setattr(holder, last, getattr(owner, theirs))
        return root

    def _holder(self, root: Container, name: str) -> tuple[nn.Module, str]:
        """The module that holds `name`, made where it is missing, and the name's last part."""
        *path, last = name.split(".")
        holder: nn.Module = root
        for part in path:
            if not hasattr(holder, part):
                holder.add_module(part, Container())
            holder = getattr(holder, part)
        return holder, last
