"""Explore the attention maps of a model: one slider for the layer, one for the head."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from gradus.explore.explorer import Explorer
from gradus.plots import Picture, attention_map


class AttentionMap(Explorer):
    """The map of one head at a time. `weights` holds the attention weights of all layers and heads.

    `queries` names the positions that read, `keys` those that are read (`queries` again where it is
    not given). Layers and heads are counted from 0, as in code.
    """

    def __init__(
        self,
        weights: Float[Tensor, "layer head query key"],
        queries: Sequence[str],
        keys: Sequence[str] | None = None,
    ) -> None:
        layers, heads = weights.shape[:2]

        def draw(layer: int, head: int) -> Picture:
            title = f"layer {layer}, head {head}"
            return attention_map(weights[layer, head], queries, keys, title)

        super().__init__(draw, {"layer": range(layers), "head": range(heads)})
