"""Widgets for notebooks: move a slider, and a picture is drawn again from your own tensors."""

from gradus.explore.attention_map import AttentionMap
from gradus.explore.explorer import Explorer
from gradus.explore.sampling import SamplingPlayground

__all__ = ["AttentionMap", "Explorer", "SamplingPlayground"]
