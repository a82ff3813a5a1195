"""Training: what the optimizer keeps for every parameter, besides the activations.

Mixed precision as in Rajbhandari et al. 2019 (ZeRO), section 3.1, https://arxiv.org/abs/1910.02054
"""


def training_bytes(
    params: int, recipe: str = "mixed", optimizer: str = "adam", trained: int | None = None
) -> int:
    """Return the bytes of weights, gradients and optimizer while a model is trained.

    Bytes for each parameter, by recipe:

    | recipe   | weights | gradient | copy of the weights in fp32 | each state |
    | -------- | ------- | -------- | --------------------------- | ---------- |
    | fp32     | 4       | 4        | none                        | 4          |
    | mixed    | 2       | 2        | 4                           | 4          |
    | autocast | 4       | 4        | none, but one of 2 bytes    | 4          |
    | bf16     | 2       | 2        | none                        | 2          |

    Adam keeps two states of every parameter (the means of the gradient and of its square), SGD with
    momentum one, plain SGD none: `optimizer` is adam, momentum or sgd. Only `trained` parameters
    have a gradient, states, and a copy in another precision; the others are frozen, and only their
    weights are kept. Without `trained`, all are. Activations come on top: they depend on the batch.

    Raises ValueError for another recipe or optimizer, and if more are trained than there are.
    """
    kept = {
        "fp32": (4, 4, 0, 4),
        "mixed": (2, 2, 4, 4),
        "autocast": (4, 4, 2, 4),
        "bf16": (2, 2, 0, 2),
    }
    states = {"adam": 2, "momentum": 1, "sgd": 0}
    if recipe not in kept or optimizer not in states:
        raise ValueError(
            f"recipe {recipe!r} with {optimizer!r}: the recipes are {', '.join(kept)}, "
            f"the optimizers {', '.join(states)}"
        )
    trained = params if trained is None else trained
    if trained > params:
        raise ValueError(f"{trained:,} parameters cannot be trained: there are only {params:,}")
    weight, gradient, copy, state = kept[recipe]
    return params * weight + trained * (gradient + copy + states[optimizer] * state)
