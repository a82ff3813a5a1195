"""GPUs: what they can do at most, what they hold, and what they draw; and the energy of a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gpu:
    """A kind of GPU.

    `peak` is in FLOPs a second with 16-bit numbers and dense matrices (the figure with sparse ones
    is twice as large, and nobody trains with it); `memory` in bytes; `power` in watts, at most.
    """

    name: str
    peak: float
    memory: int
    power: int


V100 = Gpu("V100", 125e12, 32 * 2**30, 300)
A100_40 = Gpu("A100-40GB", 312e12, 40 * 2**30, 400)
A100_80 = Gpu("A100-80GB", 312e12, 80 * 2**30, 400)
H100 = Gpu("H100", 989e12, 80 * 2**30, 700)

GPUS = {"v100": V100, "a100-40": A100_40, "a100": A100_80, "h100": H100}

# Cooling, and what else a data centre draws for each watt of a GPU. So counted, LLaMA's table 15
# comes out (https://arxiv.org/abs/2302.13971).
OVERHEAD = 1.1


def energy_mwh(gpu_hours: int | float, power: int | float, overhead: float = OVERHEAD) -> float:
    """Return the energy in megawatt-hours of GPUs that draw `power` watts all the time."""
    return gpu_hours * power * overhead / 1e6
