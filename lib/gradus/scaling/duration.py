"""From operations to time: how long GPUs need for a training run."""


def train_time(
    flops: int | float, gpus: int, peak: int | float = 312e12, utilisation: int | float = 0.4
) -> tuple[float, float, float]:
    """Return (days, GPU-hours, petaFLOP/s-days) of a training run.

    `peak` is what one GPU could do, in FLOPs a second (an A100 with 16-bit numbers: 312e12), and
    `utilisation` the share of it that the training run really gets out of it. GPU-hours are the
    hours of all GPUs together. A petaFLOP/s-day is what 1e15 FLOPs a second make in a day, however
    long it takes and on whatever it runs.

    Raises ValueError when there is no GPU, or when utilisation is not above 0 and at most 1.
    """
    if gpus < 1:
        raise ValueError(f"there must be a GPU, not {gpus}")
    if not 0 < utilisation <= 1:
        raise ValueError(f"utilisation is a share, above 0 and at most 1, not {utilisation}")
    gpu_seconds = flops / (peak * utilisation)
    return gpu_seconds / gpus / 86_400, gpu_seconds / 3600, flops / (1e15 * 86_400)
