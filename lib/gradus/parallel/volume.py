"""What data parallel training sends: how many numbers, at each stage of ZeRO.

Rajbhandari et al. 2019, https://arxiv.org/abs/1910.02054, section 7
"""


def sent_numbers(params: int, ranks: int, stage: int) -> float:
    """Return how many numbers each rank sends in one training step.

    At stages 0 (no ZeRO), 1 and 2 gradients are collected and something is handed round: gradients
    or new weights. At stage 3 the weights are fetched twice, for forward and for backward, and the
    gradients collected. Each of these is half a round of the ring: (ranks - 1) / ranks of all
    numbers. The paper leaves that factor out, and says 2 and 3 times the parameters.

    Raises ValueError for another stage, and for less than one rank.
    """
    if stage not in (0, 1, 2, 3) or ranks < 1:
        raise ValueError(f"stage {stage} on {ranks} ranks: stages are 0 to 3, ranks 1 or more")
    return (3 if stage == 3 else 2) * params * (ranks - 1) / ranks
