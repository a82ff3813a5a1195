"""The first scaling laws, which said: make the model larger, and hardly read more.

Kaplan et al. 2020, https://arxiv.org/abs/2001.08361. Parameters are counted without embeddings. The
joint law has constants of its own, other than those of the two laws that it joins.
"""

PF_DAY = 8.64e19  # FLOPs in a petaFLOP/s-day: 1e15 a second, 86,400 seconds long


def loss_of_size(params: int | float) -> float:
    """Return the loss in nats of a model with all the data it can use (equation 1.1)."""
    return (8.8e13 / params) ** 0.076


def loss_of_data(tokens: float) -> float:
    """Return the loss in nats of a large model that stops in time (equation 1.2)."""
    return (5.4e13 / tokens) ** 0.095


def loss_of_compute(flops: float) -> float:
    """Return the loss in nats of the best that a budget buys (equation 1.3)."""
    return (3.1e8 / (flops / PF_DAY)) ** 0.050


def joint_loss(params: float, tokens: float) -> float:
    """Return the loss in nats from size and data together (equation 1.5 and table 2)."""
    size = (6.4e13 / params) ** (0.076 / 0.103)
    return (size + 1.8e13 / tokens) ** 0.103


def kaplan_optimal(flops: float) -> tuple[float, float]:
    """Return (parameters, tokens) for a budget (appendix A): N = 1.3e9 · C^0.73.

    D = 2e10 · C^0.27, with C in petaFLOP/s-days. Much of the compute is not spent at all on the way
    to these tokens, so that 6ND is less than the budget.
    """
    days = flops / PF_DAY
    return 1.3e9 * days**0.73, 2e10 * days**0.27
