"""Models that are used a lot: smaller than the best for training, and trained for longer.

Sardana et al. 2023, https://arxiv.org/abs/2401.00448
"""

from gradus.scaling.coefficients import Law


def overtrain_cost(loss: float, served: float, law: Law) -> tuple[float, float, float]:
    """Find the cheapest model of a given loss, over its whole life.

    Training takes 6 FLOPs for each parameter and token; afterwards the model reads and writes
    `served` tokens altogether, at 2 FLOPs for each parameter and token. `law` is (E, A, B, alpha,
    beta): with fewer parameters, more tokens of training reach the same loss.

    Returns (parameters, tokens of training, FLOPs of training and serving together), of the least
    FLOPs. Raises ValueError when no model can reach the loss: it must be above E.
    """
    E, A, B, alpha, beta = law
    if loss <= E:
        raise ValueError(f"no model has a loss of {loss}: {E} nats cannot be guessed")

    def needed(share: float) -> tuple[float, float, float]:
        """All that follows when this share of loss - E is the model's, and the rest the data's."""
        params = (A / (share * (loss - E))) ** (1 / alpha)
        tokens = (B / ((1 - share) * (loss - E))) ** (1 / beta)
        return params, tokens, 6 * params * tokens + 2 * params * served

    # Too small a share needs a huge model, too large a one endless data. Narrow it down by thirds.
    low, high = 0.0, 1.0
    for _ in range(150):
        third = (high - low) / 3
        if needed(low + third)[2] < needed(high - third)[2]:
            high -= third
        else:
            low += third
    return needed((low + high) / 2)
