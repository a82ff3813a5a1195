"""Training: the loop around a model, and how to stop and go on."""

from gradus.training.checkpoint import load_checkpoint, save_checkpoint
from gradus.training.loop import Settings, train

__all__ = ["Settings", "load_checkpoint", "save_checkpoint", "train"]
