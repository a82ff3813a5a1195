"""Stand-ins for what an answer changes in place: what is left of them is seen after the call.

Each has, besides `make`, a method `left(made)`, which says as a dictionary what became of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from autograder.parts import FakeWriter


@dataclass
class Parameters:
    """A list of parameters with gradients: `state` maps a name to a value and a gradient (None)."""

    state: Mapping[str, tuple[Tensor, Tensor | None]]

    def make(self) -> list[nn.Parameter]:
        """Return the parameters in order."""
        made = []
        for value, gradient in self.state.values():
            made.append(nn.Parameter(value.clone()))
            made[-1].grad = None if gradient is None else gradient.clone()
        return made

    def left(self, made: list[nn.Parameter]) -> dict[str, Tensor | None]:
        """Return all values and gradients."""
        found: dict[str, Tensor | None] = {}
        for name, parameter in zip(self.state, made, strict=True):
            found[f"the parameter {name}"] = parameter.data
            found[f"the gradient of {name}"] = parameter.grad
        return found


@dataclass
class Memories:
    """What an optimizer remembers of each parameter: one dictionary of numbers and tensors each."""

    state: list[dict[str, Any]]

    def make(self) -> list[dict[str, Any]]:
        """Return copies."""
        return [
            {k: v.clone() if isinstance(v, Tensor) else v for k, v in memory.items()}
            for memory in self.state
        ]

    def left(self, made: list[dict[str, Any]]) -> dict[str, Any]:
        """Return all entries."""
        return {
            f'"{key}" in memory {i}': value
            for i, memory in enumerate(made)
            for key, value in memory.items()
        }


class TableModel(nn.Module):
    """A language model that is one table: row t holds the logits after token t.

    It counts the texts whose outputs wait for their backward at the same time.
    """

    def __init__(self, table: Tensor, gradient: Tensor | None) -> None:
        """Take the table, and a gradient that is there already."""
        super().__init__()
        self.table = nn.Parameter(table.clone())
        self.table.grad = None if gradient is None else gradient.clone()
        self.waiting = self.most = 0

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        """Look the logits up."""
        logits = self.table[ids]
        if logits.requires_grad:
            self.waiting += len(ids)
            self.most = max(self.most, self.waiting)
            logits.register_hook(self._seen)
        return logits

    def _seen(self, gradient: Tensor) -> None:
        self.waiting -= len(gradient)


@dataclass
class Trainable:
    """A `TableModel`: `state` holds its "table", and perhaps a "gradient" that is there already.

    `room` is the number of texts that there is memory for.
    """

    state: dict[str, Tensor]
    room: int = 1_000_000

    def make(self) -> TableModel:
        """Return the model, in train mode."""
        return TableModel(self.state["table"], self.state.get("gradient"))

    def left(self, made: TableModel) -> dict[str, Any]:
        """Return its weights, its gradient, and by how many texts its memory did not suffice."""
        return {
            "the gradient of the model's table": made.table.grad,
            "the model's table": made.table.data,
            "the number of texts too many in memory at once": max(0, made.most - self.room),
        }


@dataclass
class Writing:
    """A `FakeWriter`, in train mode or in eval mode: how it was called is seen after the call."""

    table: Tensor
    training: bool = False

    def make(self) -> FakeWriter:
        """Return the model."""
        return FakeWriter(self.table).train(self.training)

    def left(self, made: FakeWriter) -> dict[str, Any]:
        """Return the mode that it is in, and whether calls were larger than they had to be."""
        return {
            "the model is in train mode": made.training,
            "the model was called with gradients enabled": made.graded,
            "the most tokens given to the model after its first call": made.most,
        }


class Group(nn.Module):
    """Some modules under the names they are given."""

    def __init__(self, parts: dict[str, nn.Module]) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


@dataclass
class PublishedShape:
    """A tree of modules shaped and named like a GPT of this course; all weights are 0.

    It holds weights and cannot be run.
    """

    vocab: int
    max_seq: int
    d_model: int
    d_ff: int
    layers: int

    def make(self) -> nn.Module:
        """Return the tree."""
        d = self.d_model
        blocks = [
            Group(
                {
                    "attention": Group(
                        {n: nn.Linear(d, d) for n in ("query", "key", "value", "out")}
                    ),
                    "feedforward": Group(
                        {"up": nn.Linear(d, self.d_ff), "down": nn.Linear(self.d_ff, d)}
                    ),
                    "attention_norm": nn.LayerNorm(d),
                    "feedforward_norm": nn.LayerNorm(d),
                }
            )
            for _ in range(self.layers)
        ]
        model = Group(
            {
                "tokens": nn.Embedding(self.vocab, d),
                "positions": nn.Embedding(self.max_seq, d),
                "blocks": nn.ModuleList(blocks),
                "norm": nn.LayerNorm(d),
            }
        )
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.zero_()
        return model

    def left(self, made: nn.Module) -> dict[str, Tensor]:
        """Return all weights."""
        return made.state_dict()
