"""Pictures drawn from a learner's own tensors, each with words for those who cannot see it."""

from gradus.plots.bars import bars
from gradus.plots.grids import number_grids
from gradus.plots.lines import lines
from gradus.plots.maps import attention_map, attention_maps, mask_map
from gradus.plots.picture import Picture

__all__ = [
    "Picture",
    "attention_map",
    "attention_maps",
    "bars",
    "lines",
    "mask_map",
    "number_grids",
]
