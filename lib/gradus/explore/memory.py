"""Explore memory: choose a model and how to train it, and see what each GPU has to hold."""

from collections.abc import Callable, Mapping, Sequence

from gradus.explore.explorer import Explorer
from gradus.explore.sampling import Described
from gradus.memory.footprint import training_footprint
from gradus.memory.models import MODELS, Shape
from gradus.memory.units import in_gb, in_gib
from gradus.plots.picture import Number
from gradus.plots.stack import amount, stack

RECIPES = ("mixed", "fp32", "autocast", "bf16")
OPTIMIZERS = ("adam", "momentum", "sgd")
BATCHES = (1, 2, 4, 8, 16, 32)
CONTEXTS = (512, 1024, 2048, 4096, 8192, 16_384)
GPUS = (1, 2, 4, 8, 16, 64, 256, 1024)
STAGES = (0, 1, 2, 3)
RECOMPUTE = ("none", "selective", "full")
ROOM_GB = (24, 80)  # what GPUs are sold with

# (model, batch, seq, recipe, optimizer, GPUs, stage, recompute) to the bytes of each part.
Count = Callable[[Shape, int, int, str, str, int, int, str], Mapping[str, Number]]


class MemoryCalculator(Explorer):
    """The memory of one GPU that trains a model, part by part, and of all GPUs that share the work.

    `count` gives the bytes of each part on one GPU; without it, those of `training_footprint`.
    `models` are published ones. All is counted again whenever a slider moves.
    """

    def __init__(
        self, count: Count = training_footprint, models: Mapping[str, Shape] = MODELS
    ) -> None:
        def draw(
            name: str, recipe: str, optimizer: str, batch: int, seq: int, gpus: int, stage: int,
            recompute: str,
        ) -> Described:  # fmt: skip
            parts = count(models[name], batch, seq, recipe, optimizer, gpus, stage, recompute)
            total = sum(parts.values())
            end = next(
                (room * 1.25 for room in ROOM_GB if in_gb(total) <= room), in_gb(total) * 1.25
            )
            picture = stack(
                ["one GPU"],
                {part: [in_gb(size)] for part, size in parts.items()},
                "GB (10^9 bytes)",
                f"{name} on {gpus:,} GPU{'s'[: gpus - 1]}: {amount(in_gb(total))} GB on each",
                {f"{room} GB": room for room in ROOM_GB if room < end},
                end,
            )
            chosen = f"{recipe}, {optimizer}, {batch} x {seq:,} tokens a GPU, ZeRO stage {stage}"
            below = told(parts, gpus, f"{chosen}, recompute {recompute}")
            return Described(picture.figure, picture.alt, below)

        choices: dict[str, Sequence[object]] = {
            "model": list(models),
            "precision": RECIPES,
            "optimizer": OPTIMIZERS,
            "texts a GPU": BATCHES,
            "context": CONTEXTS,
            "GPUs": GPUS,
            "ZeRO stage": STAGES,
            "recompute": RECOMPUTE,
        }
        super().__init__(draw, choices)
        first = "Llama-2 7B" if "Llama-2 7B" in models else next(iter(models))
        start: dict[str, object] = {"model": first, "context": 2048, "GPUs": 8}
        for name, slider in zip(choices, self.sliders, strict=True):
            if name in start:
                slider.value = start[name]


def told(parts: Mapping[str, Number], gpus: int, chosen: str) -> str:
    """Say in HTML what a GPU has to hold, in both gigabytes, and whether that fits."""
    total = sum(parts.values())
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{amount(in_gb(size))}</td>'
        f"<td>{amount(in_gib(size))}</td><td>{size / total:.0%}</td></tr>"
        for name, size in (*parts.items(), ("together", total))
    )
    fits = [f"{room} GB" for room in ROOM_GB if in_gb(total) <= room]
    fitting = f"It fits into {' and '.join(fits)}." if fits else "It fits into neither GPU."
    whole = f"All {gpus:,} GPUs hold {amount(in_gb(total * gpus))} GB. " if gpus > 1 else ""
    return (
        f"<p>{chosen}. {whole}{fitting}</p><table><tr><th scope='col'>on one GPU</th>"
        f"<th scope='col'>GB (10^9)</th><th scope='col'>GiB (2^30)</th>"
        f"<th scope='col'>share</th></tr>{rows}</table>"
    )
