"""A cache of keys and values: what a decoder has already read need not be computed again."""

import torch
from jaxtyping import Float
from torch import Tensor


class KVCache:
    """The keys and values of all positions so far, for one attention layer.

    A new cache is empty. `update` appends, `reset` empties, `len(cache)` counts the positions held.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.keys: Float[Tensor, "batch heads seq d_head"] | None = None
        self.values: Float[Tensor, "batch heads seq d_value"] | None = None

    def update(
        self,
        keys: Float[Tensor, "batch heads new d_head"],
        values: Float[Tensor, "batch heads new d_value"],
    ) -> tuple[Float[Tensor, "batch heads seq d_head"], Float[Tensor, "batch heads seq d_value"]]:
        """Append the keys and values of new positions; return those of all positions so far.

        The given tensors stay as they are. Returns (keys, values), oldest position first.
        """
        if self.keys is None or self.values is None:
            self.keys, self.values = keys, values
        else:
            self.keys = torch.cat([self.keys, keys], dim=-2)
            self.values = torch.cat([self.values, values], dim=-2)
        return self.keys, self.values

    def reset(self) -> None:
        """Forget everything, so that another text can begin."""
        self.keys = self.values = None

    def __len__(self) -> int:
        """Positions held: 0 for a new cache."""
        return 0 if self.keys is None else self.keys.shape[-2]
