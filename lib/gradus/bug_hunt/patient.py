"""The patient: a small decoder that reads letters, and three of whose parts can be exchanged."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from gradus.block import Block
from gradus.bug_hunt.sentences import LETTERS, decode, encode
from gradus.bug_hunt.token_vectors import token_vectors
from gradus.bug_hunt.window_loss import window_loss
from gradus.bug_hunt.window_mask import window_mask
from gradus.cache import KVCache
from gradus.generation import generate
from gradus.norm import LayerNorm

SEQ = 48  # letters that it reads in training


class Patient(nn.Module):
    """A decoder of two blocks, whose mask and whose first vectors come from what it is given."""

    def __init__(
        self,
        mask: Callable[[int, int, int], Tensor] = window_mask,
        vectors: Callable[..., Tensor] = token_vectors,
        window: int = 32,
        d_model: int = 64,
        seed: int = 0,
    ) -> None:
        """Draw the weights; the same ones for the same seed."""
        super().__init__()
        self.mask, self.vectors, self.window = mask, vectors, window
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.words = nn.Parameter(0.1 * torch.randn(len(LETTERS), d_model))
            self.places = nn.Parameter(0.1 * torch.randn(2 * SEQ, d_model))
            self.blocks = nn.ModuleList(Block(d_model, 4, 4 * d_model) for _ in range(2))
        self.norm = LayerNorm(d_model)

    def forward(
        self,
        ids: Int[Tensor, "batch seq"],
        padding: None = None,
        caches: Sequence[KVCache] | None = None,
    ) -> Float[Tensor, "batch seq vocab"]:
        """Return the logits of the next letter at every position."""
        past = len(caches[0]) if caches else 0
        seq = ids.shape[1]
        x = self.vectors(ids, self.words, self.places, caches)
        mask = self.mask(seq, past + seq, self.window).to(ids.device)
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, cache=caches[i] if caches else None)
        return self.norm(x) @ self.words.T


def treat(
    patient: Patient,
    data: Int[Tensor, " length"],
    loss: Callable[..., Tensor] = window_loss,
    steps: int = 180,
    progress: bool = True,
) -> list[float]:
    """Train a patient on a text with this loss; return the loss of every step, in nats a letter."""
    device = patient.words.device
    data, generator = data.to(device), Generator().manual_seed(1)
    optimizer = torch.optim.AdamW(patient.parameters())
    losses = []
    for step in tqdm(range(steps), disable=not progress, desc="steps"):
        for group in optimizer.param_groups:  # down to 0 in a straight line: the end is calm
            group["lr"] = 8e-3 * min(1.0, (step + 1) / 20) * (1 - step / steps)
        starts = torch.randint(len(data) - SEQ - 1, (16,), generator=generator).to(device)
        found = loss(patient, data, starts, SEQ)
        optimizer.zero_grad()
        found.backward()
        optimizer.step()
        losses.append(found.item())
    return losses


def write(patient: Patient, begin: str = "the old fox ", new: int = 36, cached: bool = True) -> str:
    """Let a patient write on, letter by letter: with caches, or reading all anew each time."""
    device = patient.words.device
    ids = encode(begin)[None].to(device)
    dice = Generator(device).manual_seed(0)
    return decode(generate(patient, ids, new, cached=cached, temperature=0.7, generator=dice)[0])
