"""Counting parameters: the size that models are named after."""

from torch import nn


def count_parameters(module: nn.Module) -> int:
    """Return how many numbers the parameters of a module and of all its parts hold together.

    A parameter that stands in several places (a weight shared by two layers) is counted once.
    Parameters that are not trained are counted too; buffers are no parameters.
    """
    return sum(parameter.numel() for parameter in module.parameters())
