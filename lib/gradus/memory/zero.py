"""ZeRO: what each GPU keeps when many train one model, and who keeps what only once.

Rajbhandari et al. 2019, section 5 and table 1, https://arxiv.org/abs/1910.02054
"""


def zero_memory(params: int, ranks: int, stage: int, optimizer_bytes: int = 12) -> float:
    """Return the bytes of weights, gradients and optimizer states on each of `ranks` GPUs.

    Weights and gradients take 2 bytes a parameter, the optimizer `optimizer_bytes`: 12 for Adam in
    mixed precision (an fp32 copy of the weights and two states). Every GPU trains on texts of its
    own. At stage 0 each keeps everything. Then the GPUs share out, each keeping an equal part:

    - stage 1: the optimizer's states
    - stage 2: the gradients as well
    - stage 3: the weights as well

    Activations come on top. Raises ValueError for another stage, and for less than one rank.
    """
    if stage not in (0, 1, 2, 3) or ranks < 1:
        raise ValueError(f"stage {stage} on {ranks} ranks: stages are 0 to 3, ranks 1 or more")
    optimizer = optimizer_bytes * params / (ranks if stage >= 1 else 1)
    gradients = 2 * params / (ranks if stage >= 2 else 1)
    weights = 2 * params / (ranks if stage >= 3 else 1)
    return weights + gradients + optimizer
