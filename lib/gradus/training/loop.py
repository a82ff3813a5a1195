"""The training loop: read, measure, look back, clip, step; over and over.

The recipe is that of GPT-3: Brown et al. 2020, https://arxiv.org/abs/2005.14165, appendix B
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Int
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from gradus.batches import get_batch
from gradus.clip import clip_grad_norm
from gradus.probability import cross_entropy
from gradus.schedule import cosine_lr

Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Settings:
    """How to train: everything that is chosen before the first step.

    A step reads `batch` windows of `seq` tokens, `pieces` times: so many batches are accumulated.
    `half` computes in bfloat16 where the device can; weights and optimizer stay as they are.
    """

    steps: int
    batch: int = 16
    seq: int = 64
    pieces: int = 1
    peak: float = 1e-3
    warmup: int = 20
    floor: float = 1e-4
    max_norm: float = 1.0
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    half: bool = False


@dataclass(frozen=True)
class Step:
    """What one step showed: its number from 0, the loss in nats, the rate, and the norm."""

    step: int
    loss: float
    lr: float
    norm: float


def make_optimizer(model: nn.Module, settings: Settings) -> torch.optim.AdamW:
    """AdamW in two groups: matrices decay; biases and norms, which have one axis, do not."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in parameters if p.dim() > 1]},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        groups, lr=settings.peak, betas=settings.betas, weight_decay=settings.weight_decay
    )


def next_token_loss(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """The mean of -log p(next token) over windows x whose next tokens are y."""
    return cross_entropy(model(x).float(), y)


def train(
    model: nn.Module,
    data: Int[Tensor, " length"],
    settings: Settings,
    optimizer: torch.optim.Optimizer | None = None,
    generator: Generator | None = None,
    start: int = 0,
    progress: bool = True,
    loss_of: Loss = next_token_loss,
) -> Iterator[Step]:
    """Train a model on a long text, from step `start` to the last; yield what each step showed.

    Between two steps the caller has the word: to draw, to write a sample, to save. Give the
    optimizer and the generator to go on where a checkpoint was saved.

    Raises ValueError when the loss is no longer a finite number.
    """
    device = next(model.parameters()).device
    optimizer = make_optimizer(model, settings) if optimizer is None else optimizer
    for step in tqdm(range(start, settings.steps), disable=not progress, desc="steps"):
        model.train()  # the caller may have left it in eval mode
        lr = cosine_lr(step, settings.peak, settings.warmup, settings.steps, settings.floor)
        for group in optimizer.param_groups:
            group["lr"] = lr
        optimizer.zero_grad()
        losses = []
        for _ in range(settings.pieces):
            x, y = get_batch(data, settings.batch, settings.seq, generator)
            with torch.autocast(device.type, torch.bfloat16, enabled=settings.half):
                # All pieces hold equally many tokens, so each weighs the same.
                loss = loss_of(model, x.to(device), y.to(device)) / settings.pieces
            loss.backward()
            losses.append(loss.detach())
        mean = torch.stack(losses).sum().item()
        if not mean < float("inf"):
            raise ValueError(f"the loss is {mean} at step {step}: try a smaller peak={lr:.2g}")
        norm = clip_grad_norm(model.parameters(), settings.max_norm).item()
        optimizer.step()
        yield Step(step, mean, lr, norm)


@torch.no_grad()
def evaluate(
    model: nn.Module,
    data: Int[Tensor, " length"],
    seq: int,
    batch: int = 16,
    most: int = 16,
    loss_of: Loss = next_token_loss,
) -> float:
    """Return the mean loss on a text in nats, over windows that lie evenly in it, without training.

    At most `most` batches are read. The model is left in the mode it came in.
    Raises ValueError when the text is shorter than one window and its last follower.
    """
    if len(data) <= seq:
        raise ValueError(f"a window of {seq} tokens needs {seq + 1} tokens, not {len(data)}")
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    windows = min(batch * most, (len(data) - 1) // seq)
    starts = torch.linspace(0, len(data) - seq - 1, windows).long()
    places = starts[:, None] + torch.arange(seq + 1)
    total = 0.0
    for rows in data[places].long().split(batch):
        total += len(rows) * loss_of(model, rows[:, :-1].to(device), rows[:, 1:].to(device)).item()
    model.train(was_training)
    return total / windows
