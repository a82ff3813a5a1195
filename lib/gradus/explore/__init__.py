"""Widgets for notebooks: move a slider, and a picture is drawn again from your own tensors."""

from gradus.explore.attention_map import AttentionMap
from gradus.explore.explorer import Explorer
from gradus.explore.memory import MemoryCalculator
from gradus.explore.sampling import SamplingPlayground
from gradus.explore.scaling import ScalingCalculator

__all__ = [
    "AttentionMap",
    "Explorer",
    "MemoryCalculator",
    "SamplingPlayground",
    "ScalingCalculator",
]
