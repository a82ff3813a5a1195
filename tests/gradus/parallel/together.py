"""A model that has all that makes trouble, ragged texts, and one process that trains on all."""

import torch
from torch import Tensor, nn

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.ddp import ddp_step
from gradus.parallel.link import Link
from gradus.parallel.zero import zero1_step

VOCAB, LR = 11, 0.05
Batch = tuple[Tensor, Tensor]


class Model(nn.Module):
    """Tied, frozen, sometimes used and never used parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCAB, 6)
        self.head = nn.Linear(6, VOCAB)
        self.head.weight = self.tokens.weight
        self.frozen = nn.Parameter(torch.randn(6), requires_grad=False)
        self.rare = nn.Parameter(torch.randn(6))
        self.never = nn.Parameter(torch.randn(4))

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        """Return logits; `rare` takes part where the last id is read."""
        x = self.tokens(ids) * self.frozen
        if (ids == VOCAB - 1).any():
            x = x + self.rare * (ids == VOCAB - 1).unsqueeze(-1)
        logits: Tensor = self.head(x)
        return logits


def model() -> Model:
    """The same one every time, in double precision."""
    torch.manual_seed(1910)
    return Model().double()


def texts(*lengths: int, seed: int = 0, rare: bool = False) -> Batch:
    """Texts of these lengths, padded on the right; with the last id or without it."""
    seq = max(lengths, default=3)
    ids = torch.randint(
        VOCAB - 1, (len(lengths), seq), generator=torch.Generator().manual_seed(seed)
    )
    if rare:
        ids[0, 0] = VOCAB - 1
    return ids, torch.arange(seq) < torch.tensor(lengths, dtype=torch.int64)[:, None]


# By rank: three steps each. A rank without texts, one without predictions, very different lengths.
RAGGED = [
    [texts(9, 4, seed=1), texts(3, seed=2), texts(5, 5, seed=3)],
    [texts(2, seed=4, rare=True), texts(7, 8, 6, seed=5), texts(1, seed=6)],
    [texts(seed=7), texts(4, seed=8, rare=True), texts(6, seed=9)],
    [texts(5, 3, seed=10), texts(2, 2, seed=11), texts(8, seed=12, rare=True)],
]


def one_process(batches: list[list[Batch]]) -> tuple[dict[str, Tensor], list[float]]:
    """Train one model on the texts of all ranks at once; return its weights and losses."""
    alone, losses = model(), []
    parameters = [p for p in alone.parameters() if p.requires_grad]
    memories: list[dict] = [{} for _ in parameters]
    for step in zip(*batches, strict=True):
        seq = max(ids.shape[1] for ids, _ in step)
        ids, padding = (
            torch.cat([nn.functional.pad(x, (0, seq - x.shape[1])) for x in both])
            for both in zip(*step, strict=True)
        )
        alone.zero_grad()
        loss = lm_loss(alone(ids, padding), ids, padding)
        loss.backward()
        for p in parameters:
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
        adamw_step(parameters, memories, LR, weight_decay=0.0)
        losses.append(loss.item())
    return alone.state_dict(), losses


def with_ddp(link: Link, batches: list[Batch]) -> tuple[dict[str, Tensor], list[float], int]:
    """Train on one rank's texts; return weights, losses, and the numbers that are remembered."""
    mine = model()
    memories: list[dict] = [{} for p in mine.parameters() if p.requires_grad]
    losses = [ddp_step(link, mine, *batch, memories, LR).item() for batch in batches]
    return mine.state_dict(), losses, sum(remembered(memory) for memory in memories)


def with_zero1(link: Link, batches: list[Batch]) -> tuple[dict[str, Tensor], list[float], int]:
    """The same with the optimizer's state shared out."""
    mine, memory = model(), {}
    losses = [zero1_step(link, mine, *batch, memory, LR).item() for batch in batches]
    return mine.state_dict(), losses, remembered(memory)


def both(link: Link, batches: list[Batch]) -> tuple[tuple, int, tuple]:
    """First with `ddp_step`, then with `zero1_step`; between them, the bytes sent so far."""
    first = with_ddp(link, batches)
    return first, link.sent_bytes, with_zero1(link, batches)


def remembered(memory: dict) -> int:
    """Count the numbers in a memory."""
    return sum(value.numel() for value in memory.values() if isinstance(value, Tensor))


def trained_numbers() -> int:
    """How many numbers of the model are trained."""
    return sum(p.numel() for p in model().parameters() if p.requires_grad)
