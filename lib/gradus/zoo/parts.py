"""The parts of a model, to be put into the library's classes, or into those that you wrote."""

from typing import NamedTuple

from torch import nn


class Parts(NamedTuple):
    """What a `Gpt` is made of, in the order in which it takes them: `Gpt(*parts)`."""

    tokens: nn.Module
    blocks: list[nn.Module]
    norm: nn.Module
    positions: nn.Module | None = None
    head: nn.Module | None = None


class EncoderParts(NamedTuple):
    """What an `Encoder` is made of: `Encoder(*parts)`."""

    embedding: nn.Module
    blocks: list[nn.Module]
    norm: nn.Module | None = None


class PairParts(NamedTuple):
    """What an `EncoderDecoder` is made of: `EncoderDecoder(*parts)`."""

    encoder: nn.Module
    tokens: nn.Module
    blocks: list[nn.Module]
    norm: nn.Module | None = None
    positions: nn.Module | None = None
    head: nn.Module | None = None
