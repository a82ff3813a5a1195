"""The first step of a model with learned positions, alone or with caches."""

from collections.abc import Sequence

from jaxtyping import Float, Int
from torch import Tensor

from gradus.cache import KVCache


def token_vectors(
    ids: Int[Tensor, "batch seq"],
    words: Float[Tensor, "vocab d_model"],
    places: Float[Tensor, "max_seq d_model"],
    caches: Sequence[KVCache] | None = None,
) -> Float[Tensor, "batch seq d_model"]:
    """Turn the new tokens of each text into the vectors that the first block reads."""
    past = len(caches[0]) if caches else 0
    end = past + ids.shape[1]
    if end > len(places):
        raise ValueError(f"position {end - 1} is asked for; the last one is {len(places) - 1}")
    return words[ids] + places[past:end]
