"""A plan for a training run: from what is known (money, size, GPUs, time) to all the rest."""

import math
from dataclasses import asdict, dataclass

from gradus.memory import training_bytes, weight_bytes, zero_memory
from gradus.scaling.coefficients import BESIROGLU, Coefficients, Law
from gradus.scaling.duration import train_time
from gradus.scaling.gpus import A100_80, Gpu, energy_mwh
from gradus.scaling.law import chinchilla_loss
from gradus.scaling.optimum import compute_optimal

LARGEST = 1e40  # nobody has a budget with more digits, and powers of such numbers overflow


@dataclass(frozen=True)
class Plan:
    """All numbers of a training run; units stand in the names, and a byte is a byte.

    `gpus`, `hours` and what each GPU keeps are None where neither GPUs nor hours were given.
    `gpu_bytes_by_zero_stage` holds weights, gradients and optimizer at stages 0 to 3; activations
    come on top.
    """

    flops: float
    params: float
    tokens: float
    tokens_per_param: float
    loss_nats: float
    best_params: float
    best_tokens: float
    best_loss_nats: float
    gpu: str
    utilisation: float
    gpu_hours: float
    petaflop_days: float
    energy_mwh: float
    gpus: int | None
    hours: float | None
    weight_bytes_bf16: int
    training_bytes_mixed: int
    gpu_memory_bytes: int
    gpu_bytes_by_zero_stage: tuple[float, ...] | None
    coefficients: str
    source: str

    def as_data(self) -> dict[str, object]:
        """Return everything as plain values, for JSON."""
        return asdict(self)


def make_plan(
    budget: float | None = None,
    params: float | None = None,
    tokens: float | None = None,
    gpus: int | None = None,
    hours: int | float | None = None,
    gpu: Gpu = A100_80,
    utilisation: int | float = 0.4,
    coefficients: Coefficients = BESIROGLU,
) -> Plan:
    """Work out a training run from some of its numbers.

    The compute is known from a `budget` in FLOPs, from `gpus` and `hours` together, or from
    `params` and `tokens`. With compute alone, size and data are the best of `coefficients`; with
    one of the two given, the other follows. With a size or an amount of data alone, the run is the
    one for which it is best.

    Raises ValueError where too little is known, or more than can be true at once.
    """
    named = {"budget": budget, "params": params, "tokens": tokens, "gpus": gpus, "hours": hours}
    _check(named)
    if not 0 < utilisation <= 1:
        raise ValueError(f"utilisation is a share, above 0 and at most 1, not {utilisation:g}")
    law = coefficients.law
    speed = gpu.peak * utilisation  # FLOPs a second, of one GPU
    if gpus and hours:
        budget = gpus * hours * 3600 * speed
    if budget is None:
        budget = _compute_for(params, tokens, law)
    best_params, best_tokens = compute_optimal(budget, law)
    if params is None:
        params = budget / 6 / tokens if tokens else best_params
    tokens = budget / 6 / params

    _, gpu_hours, petaflop_days = train_time(budget, 1, gpu.peak, utilisation)
    if hours and not gpus:
        gpus = math.ceil(gpu_hours / hours * (1 - 1e-12))
    whole = round(params)
    return Plan(
        flops=budget,
        params=params,
        tokens=tokens,
        tokens_per_param=tokens / params,
        loss_nats=chinchilla_loss(params, tokens, law),
        best_params=best_params,
        best_tokens=best_tokens,
        best_loss_nats=chinchilla_loss(best_params, best_tokens, law),
        gpu=gpu.name,
        utilisation=utilisation,
        gpu_hours=gpu_hours,
        petaflop_days=petaflop_days,
        energy_mwh=energy_mwh(gpu_hours, gpu.power),
        gpus=gpus,
        hours=gpu_hours / gpus if gpus else None,
        weight_bytes_bf16=weight_bytes(whole, "bf16"),
        training_bytes_mixed=training_bytes(whole),
        gpu_memory_bytes=gpu.memory,
        gpu_bytes_by_zero_stage=(
            tuple(zero_memory(whole, gpus, stage) for stage in range(4)) if gpus else None
        ),
        coefficients=coefficients.name,
        source=coefficients.source,
    )


def _check(named: dict[str, int | float | None]) -> None:
    """Raise ValueError unless what is given can be a plan."""
    given = {name: value for name, value in named.items() if value is not None}
    for name, value in given.items():
        if not 0 < value < LARGEST:
            raise ValueError(f"{name} must be a number above 0, not {value:g}")
    if not given:
        raise ValueError("a plan needs a budget, a size, or GPUs and hours to begin with")
    compute = [
        *(["a budget"] if "budget" in given else []),
        *(["GPUs and hours"] if {"gpus", "hours"} <= given.keys() else []),
        *(["a size and tokens"] if {"params", "tokens"} <= given.keys() else []),
    ]
    if len(compute) > 1:
        raise ValueError(
            f"{' and '.join(compute)} all say how much compute there is: leave one of them out"
        )
    if given.keys() <= {"gpus", "hours"} and not compute:
        missing = "for how many hours" if "gpus" in given else "on how many GPUs"
        raise ValueError(f"and {missing}? GPUs need hours, or a budget, or a size")


def _compute_for(params: float | None, tokens: float | None, law: Law) -> float:
    """The FLOPs of a size and an amount of data; the best of one for the other, if need be."""
    if params and tokens:
        return 6 * params * tokens
    which, wanted = (0, params) if params else (1, tokens)
    assert wanted is not None, "_check has seen to it"
    low, high = 0.0, math.log(LARGEST)
    for _ in range(200):
        middle = (low + high) / 2
        short = compute_optimal(math.exp(middle), law)[which] < wanted
        low, high = (middle, high) if short else (low, middle)
    return math.exp(low)
