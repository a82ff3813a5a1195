"""A calculator for training runs: money or GPUs in, size, data, loss, time and energy out."""

from collections.abc import Callable

from gradus.explore.explorer import Explorer
from gradus.explore.sampling import Described
from gradus.plots import Picture
from gradus.plots.valleys import valleys
from gradus.scaling.coefficients import SETS, Law
from gradus.scaling.gpus import A100_80, Gpu, energy_mwh
from gradus.scaling.size import in_words

FROM_GPUS = "GPUs × hours"
BUDGETS = (FROM_GPUS, "1e18", "1e19", "1e20", "1e21", "1e22", "1e23", "5.76e23", "1e24", "1e25")
GPUS = (1, 8, 64, 512, 1024, 2048, 4096, 16384)
HOURS = (720, 1, 10, 24, 168, 336, 1440, 2160)
SIZES = (1.0, 0.05, 0.1, 0.2, 0.5, 2.0, 5.0)  # times the best
POINTS = 61  # on a curve that spans four powers of ten

Optimum = Callable[[float, Law], tuple[float, float]]
Loss = Callable[[float, float, Law], float]
Time = Callable[[float, int, float, float], tuple[float, float, float]]


class ScalingCalculator(Explorer):
    """What a budget buys, by your own functions, under each of the published laws.

    The budget is given in FLOPs, and the hours follow; or it is what the GPUs do in the hours. The
    last slider makes the model larger or smaller than the best one, for the same compute. Below
    the picture stands everything in words.
    """

    def __init__(
        self,
        optimum: Optimum,
        loss: Loss,
        time: Time,
        gpu: Gpu = A100_80,
        utilisation: float = 0.4,
    ) -> None:
        def draw(budget: str, gpus: int, hours: int, name: str, times: float) -> Picture:
            law = SETS[name].law
            speed = gpu.peak * utilisation * 3600  # FLOPs an hour, of one GPU
            flops = gpus * hours * speed if budget == FROM_GPUS else float(budget)
            best, tokens = optimum(flops, law)
            size = best * times
            read = flops / 6 / size
            sizes = [best * 10 ** (4 * i / (POINTS - 1) - 2) for i in range(POINTS)]
            curve = [loss(n, flops / 6 / n, law) for n in sizes]
            lowest = loss(best, tokens, law)
            title = f"{flops:.3g} FLOPs: the best is {in_words(best)} on {in_words(tokens)} tokens"
            picture = valleys(
                {SETS[name].name: (sizes, curve)},
                {SETS[name].name: (best, lowest)},
                "parameters",
                "loss in nats",
                title,
                {"your size": ([size], [loss(size, read, law)])},
                (lowest - 0.05, lowest + 0.6),
            )
            days, gpu_hours, _ = time(flops, gpus, gpu.peak, utilisation)
            words = [
                f"{in_words(size)} parameters, {in_words(read)} tokens "
                f"({read / size:.3g} for each parameter): "
                f"loss {loss(size, read, law):.3f} nats, of which {law[0]:.2f} cannot be had.",
                f"{gpu_hours:,.0f} GPU-hours on {gpu.name} at {utilisation:.0%} of its peak: "
                f"{days * 24:,.1f} hours, or {days:,.1f} days, on {gpus:,} GPUs; "
                f"{energy_mwh(gpu_hours, gpu.power):,.3g} MWh.",
            ]
            below = "".join(f"<p>{line}</p>" for line in words)
            return Described(picture.figure, f"{picture.alt} {' '.join(words)}", below)

        choices = {
            "budget in FLOPs": BUDGETS,
            "GPUs": GPUS,
            "hours (where GPUs × hours)": HOURS,
            "coefficients": ("besiroglu", "hoffmann", "hoffmann-unrounded", "muennighoff"),
            "size, times the best": SIZES,
        }
        super().__init__(draw, choices)
        self.sliders[1].value = 1024
