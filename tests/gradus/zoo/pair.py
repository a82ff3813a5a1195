"""A tiny model of every family, twice: the published implementation, and ours.

No download: both are built from a configuration. Every parameter is drawn anew at unit scale,
biases and norms as well, since the small weights that models start from would hide most mistakes.
Batch, lengths, widths and heads are all different numbers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import torch
from torch import Tensor, nn

BATCH, SEQ, SOURCE, VOCAB, WIDTH, HEADS, LAYERS = 3, 7, 9, 31, 20, 5, 2
# True at the real tokens: padding behind the text, or before it (as decoders need it).
RIGHT = torch.arange(SEQ) < torch.tensor([[7], [5], [2]])
LEFT = RIGHT.flip(1)
SOURCE_RIGHT = torch.arange(SOURCE) < torch.tensor([[4], [9], [1]])


@contextmanager
def wide() -> Iterator[None]:
    """Let transformers widen to float64 where it widens to float32 (norms, softmax, rotation)."""
    with mock.patch.multiple(torch, float32=torch.float64, float=torch.float64):
        yield


@dataclass
class Pair:
    """Two models that should give the same logits at the positions where `real` is True."""

    family: str
    compared: str
    ours: nn.Module
    theirs: nn.Module
    load: Callable[[nn.Module, dict[str, Tensor]], None]
    ask_ours: dict[str, Tensor]
    ask_theirs: dict[str, Tensor]
    real: Tensor

    def our_logits(self) -> Tensor:
        """Run our model."""
        return self.ours(**self.ask_ours)

    def their_logits(self) -> Tensor:
        """Run theirs."""
        with wide():
            return self.theirs(**self.ask_theirs).logits


def draw(generator: torch.Generator, real: Tensor, pad: int) -> Tensor:
    """Random ids above those with a meaning, and `pad` where nothing is real."""
    ids = torch.randint(3, VOCAB, real.shape, generator=generator)
    return ids.masked_fill(~real, pad)


def randomised(kind: type, config: object, generator: torch.Generator) -> nn.Module:
    """Build a published model in float64 and draw every parameter at unit scale."""
    with wide():
        model = kind(config).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.normal_(generator=generator)
    return model
