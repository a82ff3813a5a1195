"""Checkpoints: stop at any step, and go on later as if nothing had happened."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Generator, nn


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    step: int,
    generator: Generator | None = None,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Save all that a training run needs to go on: `step` is the next step to be made.

    Weights, the optimizer's memory, the states of the random generators, and `notes` of your own
    (settings, the tokenizer's merges; plain values and tensors). The file appears whole or not at
    all: an interrupted save leaves the one before it as it was.
    """
    path = Path(path)
    content = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "random": torch.get_rng_state(),
        "random on the GPU": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "generator": None if generator is None else generator.get_state(),
        "notes": dict(notes or {}),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    generator: Generator | None = None,
) -> tuple[int, dict[str, Any]]:
    """Put a model, its optimizer and the random generators back as they were saved.

    Everything goes where the model is, wherever it was saved. Only plain values and tensors are
    read: a checkpoint of somebody else's cannot run code.

    Returns (the next step to be made, the notes). Raises ValueError when a generator is given and
    none was saved.
    """
    device = next(model.parameters()).device
    content = torch.load(path, map_location="cpu", weights_only=True)
    if generator is not None and content["generator"] is None:
        raise ValueError("no generator was saved: give the one that the batches are drawn with")
    model.load_state_dict(content["model"])
    if optimizer is not None:
        optimizer.load_state_dict(content["optimizer"])
    torch.set_rng_state(content["random"])
    if device.type == "cuda" and len(content["random on the GPU"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(content["random on the GPU"])
    if generator is not None:
        generator.set_state(content["generator"])
    return content["step"], content["notes"]
