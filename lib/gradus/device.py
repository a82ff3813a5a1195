"""The one place that decides which device to compute on."""

import torch


def best_device() -> torch.device:
    """Return the CUDA GPU or Apple's, whichever this machine has; otherwise the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
