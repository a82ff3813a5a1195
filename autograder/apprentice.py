"""Apprentice: a stand-in for a trained model that goes on learning."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


class FakeApprentice(nn.Module):
    """A language model that is one table: row t holds the logits after token t.

    In train mode it sees only half of each logit, as if by dropout, but always the same half: so
    the mode in which it learns, and that in which it is measured, leave their traces.
    """

    def __init__(self, table: Tensor) -> None:
        """Take the table that it has learned so far."""
        super().__init__()
        self.table = nn.Parameter(table.clone())

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits (batch, seq, vocab) for ids (batch, seq)."""
        if ids.dtype not in (torch.int64, torch.int32) or ids.dim() != 2:
            raise TypeError(
                f"a model reads token ids of shape (batch, seq), not {ids.dtype} {list(ids.shape)}"
            )
        logits = self.table[ids]
        return logits / 2 if self.training else logits


@dataclass
class Apprentice:
    """A `FakeApprentice`, in train or eval mode: what it has learned is seen after the call."""

    state: dict[str, Tensor]
    training: bool = False

    def make(self) -> FakeApprentice:
        """Return the model."""
        return FakeApprentice(self.state["table"]).train(self.training)

    def left(self, made: FakeApprentice) -> dict[str, Any]:
        """Return its table and its mode."""
        return {
            "the model's table": made.table.data,
            "the model is in train mode": made.training,
        }
