"""A toy that learns from its prompt: what a word means stands nowhere but in the text before it.

Such models are trained on tasks that are drawn anew for each text: Garg et al. 2022, "What Can
Transformers Learn In-Context?", https://arxiv.org/abs/2208.01066
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from gradus.attention import MultiHeadAttention
from gradus.block import Block
from gradus.copying import CLIP, repeated
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions

D_MODEL, HEADS, LAYERS = 64, 4, 2
PAIRS = 8  # texts with their labels that the toy can read, the last one included
NAMES = 4  # that take part in one prompt
KEPT = 8  # names that have no meaning in training


class Quiz(NamedTuple):
    """Solved examples, each a text and its label, a query of the same kind, and its answer."""

    examples: list[tuple[str, str]]
    query: str
    answer: str


class Language:
    """Three kinds of words: names, which mean something; fillers, which do not; and labels.

    A text is a filler and a name, such as "my zorvex"; its label is what the name means. Which
    names take part, and what they mean, is drawn anew for each prompt. A word's id is its place in
    `words`. The last eight names are kept for quizzes: no text to train with says what they mean.
    """

    def __init__(self, names: Sequence[str], fillers: Sequence[str], labels: Sequence[str]) -> None:
        self.names, self.fillers, self.labels = list(names), list(fillers), list(labels)
        self.words = [*self.names, *self.fillers, *self.labels]
        self.ids = {word: i for i, word in enumerate(self.words)}

    def encode(self, text: str) -> list[int]:
        """Return the ids of words with whitespace between them; ValueError for unknown ones."""
        unknown = [word for word in text.split() if word not in self.ids]
        if unknown:
            raise ValueError(f"the toy knows {len(self.ids)} words; {unknown[0]!r} is none of them")
        return [self.ids[word] for word in text.split()]

    def texts(
        self, batch: int, rng: Generator | None = None
    ) -> tuple[Int[Tensor, "batch seq"], Bool[Tensor, "batch seq"]]:
        """Draw texts to train with: eight solved examples in a row, with meanings of their own.

        Returns (ids, answers): `answers` is True at the labels.
        """
        taught = len(self.names) - KEPT
        names = torch.rand(batch, taught, generator=rng).argsort(-1)[:, :NAMES]
        labels = torch.randint(len(self.labels), (batch, NAMES), generator=rng)
        labels = labels + len(self.names) + len(self.fillers)
        chosen = torch.randint(NAMES, (batch, PAIRS), generator=rng)
        fillers = torch.randint(len(self.fillers), (batch, PAIRS), generator=rng) + len(self.names)
        parts = [fillers, names.gather(1, chosen), labels.gather(1, chosen)]
        answers = torch.arange(3 * PAIRS) % 3 == 2
        return torch.stack(parts, dim=-1).flatten(1), answers.expand(batch, -1)

    def quiz(self, shots: int, rng: Random) -> Quiz:
        """Draw so many examples and a query, all with names that no training gave a meaning.

        The query's text is not among the examples; its name is, if chance wants it.
        """
        names = rng.sample(self.names[-KEPT:], NAMES)
        meaning = {name: rng.choice(self.labels) for name in names}
        fillers = rng.sample(self.fillers, shots + 1)  # so that no text comes twice
        drawn = [rng.choice(names) for _ in fillers]
        pairs = [
            (f"{filler} {name}", meaning[name]) for filler, name in zip(fillers, drawn, strict=True)
        ]
        return Quiz(pairs[:-1], *pairs[-1])


def toy(language: Language) -> Gpt:
    """Return a small decoder with random weights for a language."""
    blocks = [
        Block(D_MODEL, HEADS, 2 * D_MODEL, attention=MultiHeadAttention(D_MODEL, HEADS, bias=False))
        for _ in range(LAYERS)
    ]
    tokens = Embedding(len(language.words), D_MODEL)
    nn.init.normal_(tokens.weight, std=D_MODEL**-0.5)
    positions = LearnedPositions(3 * PAIRS, D_MODEL)
    # Learned, but they start as waves: one shift then turns every place into the one before.
    place = torch.arange(3 * PAIRS)[:, None] * 100 ** -(torch.arange(D_MODEL) // 2 * 2 / D_MODEL)
    place[:, 1::2] += torch.pi / 2
    positions.weight.data = place.sin() / 2
    return Gpt(tokens, blocks, LayerNorm(D_MODEL), positions)


def practise(
    model: Gpt,
    language: Language,
    copies: int = 350,
    mixed: int = 150,
    batch: int = 32,
    rate: float = 7.5e-3,
    rng: Generator | None = None,
) -> Iterator[float]:
    """Train; yield the loss of each step, in nats a word that counts.

    First `copies` steps on random words that begin again and again, which is the quick way to a
    head that looks back; then `mixed` steps where half of each batch are texts of the language, of
    which the labels count. The learning rate grows to `rate` and then falls.
    """
    vocab, device = len(language.words), next(model.parameters()).device
    # Fused: for a model this small, the optimiser's own loops would take longer than the model.
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.0, fused=True
    )

    def height(step: int) -> float:
        if step < copies:
            return 0.4 + 0.6 * step / copies
        return max(0.02, 1 - (step - copies) / mixed)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, height)
    for step in range(copies + mixed):
        parts = [repeated(batch, 3 * PAIRS, vocab, rng)]
        if step >= copies:
            # Without copies among them, it would get used to the names that have meanings here.
            half = batch // 2
            parts = [repeated(half, 3 * PAIRS, vocab, rng), language.texts(half, rng)]
        ids, counted = (torch.cat(part).to(device) for part in zip(*parts, strict=True))
        loss = F.cross_entropy(model(ids[:, :-1])[counted[:, 1:]], ids[:, 1:][counted[:, 1:]])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        yield loss.item()
