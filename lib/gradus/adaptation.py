"""Adaptation: a trained model goes on learning, on the texts of one domain.

Gururangan et al. 2020, "Don't Stop Pretraining", https://arxiv.org/abs/2004.10964;
keeping some general text against forgetting: Ibrahim et al. 2024, https://arxiv.org/abs/2403.08763
"""

import math

import torch
from jaxtyping import Int
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from gradus.batches import get_batch
from gradus.probability import cross_entropy
from gradus.schedule import cosine_lr
from gradus.training.loop import evaluate


def adapt(
    model: nn.Module,
    general: tuple[Int[Tensor, " train"], Int[Tensor, " held"], int],
    domain: tuple[Int[Tensor, " train_domain"], Int[Tensor, " held_domain"], int],
    fraction: float,
    steps: int = 100,
    batch: int = 16,
    seq: int = 64,
    lr: float = 1e-3,
    generator: Generator | None = None,
) -> dict[str, tuple[float, float]]:
    """Train a model further, in place; return the bits per byte of both texts, before and after.

    `general` and `domain` are each (ids to train on, ids held out, bytes of the text held out).
    Every step reads `batch` windows of `seq` tokens, cut by `get_batch` with the `generator`: first
    those of the domain, then the general ones. In the first s steps together,
    round(s * batch * fraction) windows are the domain's, so that the fraction counts tokens and
    holds however small it is.

    The loss is the cross-entropy over all tokens of the step. The optimizer is torch's AdamW, a new
    one, with its defaults but for the learning rate, which in step s, from 0, is that of
    `cosine_lr` with the peak `lr` and a tenth of the steps (steps // 10) as warm-up. The model
    trains in train mode and is left in the mode it came in.

    The result has the keys "general" and "domain", each with (before, after): the loss in nats that
    `evaluate` finds on the ids held out, in windows of `seq`, in bits, times their tokens per byte.

    `tqdm` around the steps shows how they go by.

    Raises ValueError when fraction is not from 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"the fraction is a share of the tokens, from 0 to 1, not {fraction}")

    def measure() -> list[float]:
        corpora = (general, domain)
        nats = [evaluate(model, held, seq) * len(held) / size for _, held, size in corpora]
        return [loss / math.log(2) for loss in nats]

    before = measure()
    device = next(model.parameters()).device
    optimizer = torch.optim.AdamW(model.parameters(), lr)
    was_training = model.training
    model.train()
    for step in tqdm(range(steps), desc="adapting", disable=steps < 10):
        count = round((step + 1) * batch * fraction) - round(step * batch * fraction)
        parts = [(domain[0], count), (general[0], batch - count)]
        drawn = [get_batch(data, many, seq, generator) for data, many in parts if many]
        x, y = (torch.cat(pieces).to(device) for pieces in zip(*drawn, strict=True))
        for group in optimizer.param_groups:
            group["lr"] = cosine_lr(step, lr, steps // 10, steps)
        optimizer.zero_grad()
        cross_entropy(model(x), y).backward()
        optimizer.step()
    model.train(was_training)
    names = ("general", "domain")
    return dict(zip(names, zip(before, measure(), strict=True), strict=True))
