"""A tokenizer and a model at their least, for answers that ask how probable a text is."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass
class Spelling:
    """A function from text to ids: each time the longest of `pieces` that fits; ids count them.

    A character that begins no piece gets the id after the last one. Where pieces reach over the end
    of a prompt, the same prompt is cut otherwise as soon as a text goes on.
    """

    pieces: list[str]

    def make(self) -> Callable[[str], list[int]]:
        """Return the function."""
        ids = {piece: i for i, piece in enumerate(self.pieces)}
        by_length = sorted(ids, key=len, reverse=True)

        def encode(text: str) -> list[int]:
            found, at = [], 0
            while at < len(text):
                piece = next((p for p in by_length if text.startswith(p, at)), text[at])
                found.append(ids.get(piece, len(ids)))
                at += len(piece)
            return found

        return encode


class FakeReader(nn.Module):
    """A language model that remembers: each token has a say in all that follows, ever less.

    `table` has shape (vocab, vocab): row t holds what token t adds to the logits after it; later on
    it counts `FADING` times as much with every token.
    """

    FADING = 0.7
    table: Tensor

    def __init__(self, table: Tensor) -> None:
        """Hold the table as a buffer."""
        super().__init__()
        self.register_buffer("table", table)

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits (batch, seq, vocab) for ids (batch, seq)."""
        if ids.dtype not in (torch.int64, torch.int32) or ids.dim() != 2:
            raise TypeError(
                f"a model reads token ids of shape (batch, seq), not {ids.dtype} {list(ids.shape)}"
            )
        heard = [self.table[ids[:, 0]]]
        for place in range(1, ids.shape[1]):
            heard.append(self.table[ids[:, place]] + self.FADING * heard[-1])
        return torch.stack(heard, dim=1)


@dataclass
class Reader:
    """A `FakeReader` that follows `table`."""

    table: Tensor

    def make(self) -> FakeReader:
        """Return the model, in eval mode."""
        return FakeReader(self.table).eval()
