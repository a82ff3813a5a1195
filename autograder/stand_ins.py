"""Stand-ins: things that a question cannot carry as they are, and describes instead.

A question names the stand-in; the learner's side makes the real thing of it, so that an answer
meets an ordinary generator, model or layer, and the reference meets exactly the same one.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.apprentice import Apprentice
from autograder.described import Described
from autograder.left_behind import Memories, Parameters, PublishedShape, Trainable, Writing
from autograder.on_ranks import ON_RANKS
from autograder.parts import PARTS
from autograder.readers import Reader, Spelling
from autograder.suspects import Suspect


@dataclass
class Seeded:
    """A `torch.Generator` on the CPU, seeded with `seed`."""

    seed: int

    def make(self) -> torch.Generator:
        """Return the generator."""
        return torch.Generator().manual_seed(self.seed)


class FakeModel(nn.Module):
    """A language model whose next-token logits depend on the last token alone.

    `table` has shape (vocab, vocab): row t holds the logits after token t. Called with ids of shape
    (batch, seq) it gives logits of shape (batch, seq, vocab). `calls` records their shapes.
    """

    table: Tensor

    def __init__(self, table: Tensor) -> None:
        """Hold the table as a buffer, so that `.to` and `state_dict` work as usual."""
        super().__init__()
        self.register_buffer("table", table)
        self.calls: list[tuple[int, ...]] = []

    def forward(self, ids: Tensor) -> Tensor:
        """Look the logits up and record the call."""
        if ids.dtype not in (torch.int64, torch.int32):
            raise TypeError(f"a model reads token ids (int64), not {ids.dtype}")
        self.calls.append(tuple(ids.shape))
        return self.table[ids]


@dataclass
class Scripted:
    """A `FakeModel` that follows `table`: what an answer that takes a model is tried with."""

    table: Tensor

    def make(self) -> FakeModel:
        """Return the model, in eval mode."""
        return FakeModel(self.table).eval()


class FakeAttention(nn.Module):
    """A multi-head attention layer on torch's built-in attention, with four projections."""

    query: nn.Linear
    key: nn.Linear
    value: nn.Linear
    out: nn.Linear

    def __init__(self, heads: int, state: dict[str, Tensor]) -> None:
        """Take the projections' weights and biases from `state` (query.weight, query.bias, ...)."""
        super().__init__()
        self.heads = self.kv_heads = heads
        for name in ("query", "key", "value", "out"):
            weight = state[f"{name}.weight"]
            linear = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype)
            linear.load_state_dict({"weight": weight, "bias": state[f"{name}.bias"]})
            setattr(self, name, linear)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, mask: Tensor | None = None, cache: Any = None
    ) -> Tensor:
        """Let x read memory (x itself when there is none) where the mask is True."""
        if mask is not None and mask.dtype != torch.bool:
            raise TypeError(f"a mask is of booleans (True: may be read), not of {mask.dtype}")
        source = x if memory is None else memory

        def split(y: Tensor) -> Tensor:
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(source)), split(self.value(source))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).flatten(2))


@dataclass
class AttentionLayer:
    """A `FakeAttention` with the given weights: for answers that use an attention layer."""

    heads: int
    state: dict[str, Tensor]

    def make(self) -> FakeAttention:
        """Return the layer."""
        return FakeAttention(self.heads, self.state)


@dataclass
class Part:
    """One of `PARTS` by its name: for answers that are put together from blocks or an encoder."""

    kind: str
    args: tuple[Any, ...] = ()

    def make(self) -> nn.Module:
        """Return a new one."""
        return PARTS[self.kind](*self.args)


class FakePast:
    """What is left of a text already read: `update` puts its keys and values first."""

    def __init__(self, keys: Tensor, values: Tensor, grows: bool = False) -> None:
        """Remember the past; new positions are added to it only if it `grows`."""
        self.keys, self.values, self.grows = keys, values, grows

    def update(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Return past and new together, oldest first."""
        both = torch.cat([self.keys, keys], -2), torch.cat([self.values, values], -2)
        if self.grows:
            self.keys, self.values = both
        return both

    def __len__(self) -> int:
        """Positions already read."""
        return self.keys.shape[-2]


@dataclass
class Past:
    """A `FakePast`: for answers that take a cache of keys and values."""

    keys: Tensor
    values: Tensor

    def make(self) -> FakePast:
        """Return the cache."""
        return FakePast(self.keys, self.values)


@dataclass
class EmptyPast:
    """A `FakePast` of no positions yet that grows; what it holds is seen after the call.

    `keys` and `values` hold no positions, and say what the other sizes are.
    """

    keys: Tensor
    values: Tensor

    def make(self) -> FakePast:
        """Return the cache."""
        return FakePast(self.keys, self.values, grows=True)

    def left(self, made: FakePast) -> dict[str, Tensor]:
        """Return all keys and values."""
        return {"keys": made.keys, "values": made.values}


@dataclass
class TorchPart:
    """A module of torch.nn by its name: for answers that are given one of their parts."""

    kind: str
    args: tuple[Any, ...] = ()

    def make(self) -> nn.Module:
        """Return a new one."""
        module: nn.Module = getattr(nn, self.kind)(*self.args)
        return module


STAND_INS: dict[str, type[Any]] = {
    "seeded": Seeded,
    "scripted": Scripted,
    "reader": Reader,
    "spelling": Spelling,
    "attention_layer": AttentionLayer,
    "past": Past,
    "empty_past": EmptyPast,
    "described": Described,
    "torch_part": TorchPart,
    "part": Part,
    "parameters": Parameters,
    "memories": Memories,
    "trainable": Trainable,
    "published_shape": PublishedShape,
    "writing": Writing,
    "apprentice": Apprentice,
    **ON_RANKS,
    "suspect": Suspect,
}
