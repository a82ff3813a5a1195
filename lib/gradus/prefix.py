"""Prompts that begin alike: what two texts share at their start needs to be read only once.

Keys and values depend on nothing but what came before, so they can be kept from one text to the
next. Programs that serve models do the same, for the instruction that all their users share.
"""

from itertools import takewhile

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from gradus.cache import KVCache
from gradus.decoder import Gpt


def shorten(cache: KVCache, length: int) -> None:
    """Let a cache forget all but its first `length` positions."""
    if cache.keys is not None and cache.values is not None:
        cache.keys, cache.values = cache.keys[..., :length, :], cache.values[..., :length, :]


class PrefixReader(nn.Module):
    """A decoder that starts reading where a text begins to differ from the one before.

    It gives the same logits as the `model` alone. For one text at a time, without gradients.
    """

    def __init__(self, model: Gpt) -> None:
        """Have read nothing yet."""
        super().__init__()
        self.model = model
        self.caches = [KVCache() for _ in model.blocks]
        self.ids: list[int] = []  # what the caches hold
        self.logits: Float[Tensor, "1 seq vocab"] | None = None

    @torch.no_grad()
    def forward(self, ids: Int[Tensor, "1 seq"]) -> Float[Tensor, "1 seq vocab"]:
        """Return the logits at every position of the text, reading only what is new in it."""
        text = ids[0].tolist()
        both = zip(self.ids, text, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
        parts = []
        if shared and self.logits is not None:
            parts.append(self.logits[:, :shared])
        for cache in self.caches:
            shorten(cache, shared)
        if shared < len(text):
            parts.append(self.model(ids[:, shared:], caches=self.caches))
        self.ids, self.logits = text, torch.cat(parts, dim=1)
        return self.logits
