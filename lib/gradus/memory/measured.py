"""Measured: the bytes that a forward pass really keeps for its backward pass."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor


class Saved:
    """What was kept: `shapes` has (shape, dtype, bytes) of each piece of memory, in order.

    Memory that several operations keep is one piece, with the shape that it was first kept in.
    """

    def __init__(self) -> None:
        self.shapes: list[tuple[tuple[int, ...], torch.dtype, int]] = []
        self._alive: dict[int, Tensor] = {}  # so that no address is used a second time

    @property
    def total_bytes(self) -> int:
        """All pieces together."""
        return sum(size for _, _, size in self.shapes)

    def add(self, tensor: Tensor) -> None:
        """Count the memory under a tensor, if it is not counted yet."""
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in self._alive:
            self._alive[storage.data_ptr()] = tensor
            self.shapes.append((tuple(tensor.shape), tensor.dtype, storage.nbytes()))


def saved_by(run: Callable[[], Any], besides: Iterable[Tensor] = ()) -> Saved:
    """Run a forward pass, and return what it keeps for the backward pass.

    What is in memory anyway is not counted: give the model's parameters as `besides`.
    """
    saved = Saved()
    known = {tensor.untyped_storage().data_ptr() for tensor in besides}

    def pack(tensor: Tensor) -> Tensor:
        if tensor.untyped_storage().data_ptr() not in known:
            saved.add(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = run()  # held until all is counted, so that its memory is not given away
    del result
    return saved
