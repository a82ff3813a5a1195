"""A trigram model: the next token depends on the last two. Quick to learn, and fit to write with.

Shannon 1948, section 3, https://doi.org/10.1002/j.1538-7305.1948.tb01338.x; on mixing with what
shorter histories say, Jelinek and Mercer 1980.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

LENGTHS = (2, 1, 0)  # tokens of history, the longest first
MOST = 4096  # histories whose probabilities are remembered


class Trigram(nn.Module):
    """A language model that counts; called like a `Gpt` without caches.

    `texts` are token ids. What follows a history of two tokens has `share` of the say, what follows
    the last token `share` of the rest, what is frequent anywhere what is left; a history that was
    never met hands its share on. A ten-thousandth goes to all tokens alike, so that none is
    impossible.
    """

    even: Tensor

    def __init__(self, texts: Sequence[Sequence[int]], vocab: int, share: float = 0.85) -> None:
        """Count."""
        super().__init__()
        self.share = share
        counts: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for text in texts:
            for place, token in enumerate(text):
                for length in LENGTHS:
                    if place >= length:
                        counts[tuple(text[place - length : place])][token] += 1
        self.met = {
            history: (torch.tensor(list(found)), torch.tensor(list(found.values())) / found.total())
            for history, found in counts.items()
        }
        self._remembered = lru_cache(MOST)(self._mix)
        self.register_buffer("even", torch.full((vocab,), 1 / vocab))

    def probabilities(self, history: Sequence[int]) -> Float[Tensor, " vocab"]:
        """Return how likely each token is after a history, of which the last two tokens count."""
        return self._remembered(tuple(history[-LENGTHS[0] :]))

    def _mix(self, history: tuple[int, ...]) -> Float[Tensor, " vocab"]:
        left = 1 - 1e-4
        mixed = (1 - left) * self.even
        for length in LENGTHS:
            found = self.met.get(history[len(history) - length :])
            if len(history) < length or found is None:
                continue
            weight = left * self.share if length else left
            tokens, shares = (part.to(mixed.device) for part in found)
            mixed = mixed.index_add(0, tokens, weight * shares)
            left -= weight
        return mixed

    def forward(
        self, ids: Int[Tensor, "batch seq"], padding: Bool[Tensor, "batch seq"] | None = None
    ) -> Float[Tensor, "batch seq vocab"]:
        """Return the log-probability of every token after each position."""
        rows = []
        for row, text in enumerate(ids.tolist()):
            first = 0 if padding is None else int(padding[row].int().argmax())
            places = range(1, len(text) + 1)
            rows.append(torch.stack([self.probabilities(text[first:i][-2:]) for i in places]))
        return torch.stack(rows).log().to(ids.device)
