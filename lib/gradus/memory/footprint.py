"""Footprints: everything that is in the memory of one GPU, part by part."""

from gradus.memory.activations import activation_bytes
from gradus.memory.caching import kv_cache_bytes
from gradus.memory.models import Shape
from gradus.memory.training import training_bytes
from gradus.memory.weights import weight_bytes

PARTS = ("weights", "gradients", "optimizer", "activations")


def training_footprint(
    model: Shape,
    batch: int,
    seq: int,
    recipe: str = "mixed",
    optimizer: str = "adam",
    ranks: int = 1,
    stage: int = 0,
    recompute: str = "none",
) -> dict[str, int | float]:
    """Return the bytes of each part on each of `ranks` GPUs, as `PARTS` names them.

    Every GPU reads `batch` texts of its own, each of `seq` tokens, and shares out by the stage of
    ZeRO: see `zero_memory`. Activations are those of `activation_bytes`, in 16 bits; recipes that
    multiply in fp32 are counted with twice as much. What programs need besides (buffers for
    communication, memory in pieces too small to use) is not counted: leave some room.

    Raises ValueError for other recipes, optimizers, stages and kinds of recomputation.
    """
    if stage not in (0, 1, 2, 3) or ranks < 1:
        raise ValueError(f"stage {stage} on {ranks} ranks: stages are 0 to 3, ranks 1 or more")
    total = training_bytes(model.params, recipe, optimizer)
    weights = training_bytes(model.params, recipe, optimizer, trained=0)
    gradients = weights  # one number each, in the precision of the weights, in every recipe
    kept = activation_bytes(
        batch, seq, model.d_model, model.heads, model.layers, recompute, model.vocab
    )
    return {
        "weights": weights / (ranks if stage >= 3 else 1),
        "gradients": gradients / (ranks if stage >= 2 else 1),
        "optimizer": (total - weights - gradients) / (ranks if stage >= 1 else 1),
        "activations": kept * (2 if recipe == "fp32" else 1),
    }


def serving_footprint(
    model: Shape, batch: int, seq: int, dtype: str = "fp16", cache_bytes_per_number: int = 2
) -> dict[str, int | float]:
    """Return the bytes of the weights, and of the cache of `batch` texts of `seq` tokens.

    Raises ValueError for another dtype.
    """
    cache = kv_cache_bytes(
        batch,
        seq,
        model.layers,
        model.d_model,
        model.heads,
        model.kv_heads,
        cache_bytes_per_number,
    )
    return {"weights": weight_bytes(model.params, dtype), "cache": cache}
