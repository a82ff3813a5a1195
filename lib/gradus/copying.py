"""A toy that learns to look back: two layers of attention, trained to continue a repeated text.

Such a model grows an *induction head*, which finds the last place where the present word stood and
reads what came after it: Olsson et al. 2022, https://arxiv.org/abs/2209.11895
"""

from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from gradus.mask import causal_mask
from gradus.norm import LayerNorm

CLIP = 1.0  # longest gradient that is followed as it is
SHORTEST = 4  # words before a text begins again


class Copyist(nn.Module):
    """Word and position vectors, then attention layers, then back to words: nothing else.

    `layers` are attention layers of width `d_model`, called as `layer(x, mask=mask)`. `vocab` is
    the number of words, `max_seq` the longest text.
    """

    def __init__(
        self, layers: Sequence[nn.Module], d_model: int, vocab: int, max_seq: int = 24
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocab, d_model)
        nn.init.normal_(self.words.weight, std=d_model**-0.5)
        # Learned, but they start as waves: one shift then turns every place into the one before.
        place = torch.arange(max_seq)[:, None] * 100 ** -(torch.arange(d_model) // 2 * 2 / d_model)
        place[:, 1::2] += torch.pi / 2
        self.positions = nn.Parameter(place.sin() / 2)
        self.layers = nn.ModuleList(layers)
        self.norms = nn.ModuleList(LayerNorm(d_model) for _ in [*layers, "words"])

    def streams(self, ids: Int[Tensor, "batch seq"]) -> list[Float[Tensor, "batch seq d_model"]]:
        """Return what each layer reads, in order, and last what is turned back into words."""
        mask = causal_mask(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions[: ids.shape[1]]
        read = []
        for norm, layer in zip(self.norms, self.layers, strict=False):
            read.append(norm(x))
            x = x + layer(read[-1], mask=mask)
        return [*read, self.norms[-1](x)]

    def forward(self, ids: Int[Tensor, "batch seq"]) -> Float[Tensor, "batch seq vocab"]:
        """Return the score of every word to come next, after each word."""
        return self.streams(ids)[-1] @ self.words.weight.T


def repeated(
    batch: int, seq: int, vocab: int, rng: Generator | None = None
) -> tuple[Int[Tensor, "batch seq"], Bool[Tensor, "batch seq"]]:
    """Draw texts of random words that begin again and again, each after a length of its own.

    Returns (ids, known): `known` is True where a word has come before it, and so can be known.
    """
    length = torch.randint(SHORTEST, seq // 2 + 1, (batch, 1), generator=rng)
    once = torch.randint(vocab, (batch, seq // 2), generator=rng)
    place = torch.arange(seq).expand(batch, seq)
    return once.gather(1, place % length), place >= length


def practise(
    model: Copyist,
    steps: int = 450,
    batch: int = 32,
    rate: float = 7.5e-3,
    rng: Generator | None = None,
) -> Iterator[float]:
    """Train on repeated random words; yield the loss of each step, in nats a word.

    Only words that can be known count. The learning rate grows to `rate`.
    """
    vocab, seq = len(model.words.weight), len(model.positions)
    device = model.positions.device
    # Fused: for a model this small, the optimiser's own loops would take longer than the model.
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.0, fused=True
    )
    # At the full rate from the start, some runs settle for guessing any word of the text.
    growth = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.4, total_iters=steps)
    for _ in range(steps):
        ids, known = (t.to(device) for t in repeated(batch, seq, vocab, rng))
        loss = F.cross_entropy(model(ids[:, :-1])[known[:, 1:]], ids[:, 1:][known[:, 1:]])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        growth.step()
        yield loss.item()
