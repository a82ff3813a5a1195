"""The command that plans a training run: plan."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograder.commands.options import plainly

if TYPE_CHECKING:
    from gradus.plan import Plan


def plan(
    budget: Annotated[float | None, typer.Option(help="FLOPs, such as 1e21.")] = None,
    params: Annotated[float | None, typer.Option(help="Parameters, such as 7e9.")] = None,
    tokens: Annotated[float | None, typer.Option(help="Tokens of training.")] = None,
    gpus: Annotated[int | None, typer.Option(help="How many GPUs.")] = None,
    hours: Annotated[float | None, typer.Option(help="How long they run.")] = None,
    gpu: Annotated[str, typer.Option(help="v100, a100-40, a100 (80 GiB) or h100.")] = "a100",
    utilisation: Annotated[
        float, typer.Option(help="The share of the GPUs' peak that is reached.")
    ] = 0.4,
    coefficients: Annotated[
        str, typer.Option(help="hoffmann, hoffmann-unrounded, besiroglu or muennighoff.")
    ] = "besiroglu",
    as_json: Annotated[bool, typer.Option("--json", help="Print data, not a table.")] = False,
) -> None:
    """Plan a training run: size, data, loss, time, energy and memory, from what you know.

    \b
    gradus plan --budget 1e21
    gradus plan --params 7e9 --gpus 512
    gradus plan --params 7e9 --tokens 1e12 --hours 720
    gradus plan --gpus 64 --hours 240 --gpu h100 --json
    """
    from gradus.plan import make_plan
    from gradus.scaling.coefficients import SETS
    from gradus.scaling.gpus import GPUS

    with plainly(ValueError):
        if gpu not in GPUS:
            raise ValueError(f"there is no GPU {gpu} here: take one of {', '.join(GPUS)}")
        if coefficients not in SETS:
            raise ValueError(f"there is no set {coefficients}: take one of {', '.join(SETS)}")
        chosen, law = GPUS[gpu], SETS[coefficients]
        made = make_plan(budget, params, tokens, gpus, hours, chosen, utilisation, law)
    if as_json:
        typer.echo(json.dumps(made.as_data()))
    else:
        Console().print(table_of(made))


def table_of(plan: "Plan") -> Table:
    """All numbers of a plan, with units."""
    table = Table(title="A plan for training", caption=f"Loss by {plan.source}.")
    for heading in ("what", "how much", "note"):
        table.add_column(heading, overflow="fold")
    for what, how_much, note in rows(plan):
        table.add_row(what, how_much, note)
    return table


def rows(plan: "Plan") -> list[tuple[str, str, str]]:
    """The lines of the table: what, how much, and a note."""
    from gradus.memory.units import readable
    from gradus.scaling.size import in_words

    best = f"best: {in_words(plan.best_params)} on {in_words(plan.best_tokens)}"
    is_best = abs(plan.params / plan.best_params - 1) < 1e-6
    lines = [
        ("compute", f"{plan.flops:.3g} FLOPs", f"{_plain(plan.petaflop_days)} petaFLOP/s-days"),
        ("parameters", in_words(plan.params), "the best for this compute" if is_best else best),
        ("tokens", in_words(plan.tokens), f"{plan.tokens_per_param:.3g} for each parameter"),
        (
            "loss",
            f"{plan.loss_nats:.3f} nats",
            plan.coefficients if is_best else f"best: {plan.best_loss_nats:.3f} nats",
        ),
        (
            "GPU-hours",
            _plain(plan.gpu_hours),
            f"{plan.gpu} at {plan.utilisation:.0%} of its peak",
        ),
    ]
    if plan.gpus and plan.hours:
        lines.append(("time", _time(plan.hours), f"on {plan.gpus:,} GPUs"))
    lines += [
        ("energy", f"{_plain(plan.energy_mwh)} MWh", "GPUs at full power, and 10 % around them"),
        ("weights", readable(plan.weight_bytes_bf16), "bf16: to use the model"),
        ("training", readable(plan.training_bytes_mixed), "weights, gradients, Adam; mixed"),
    ]
    memory = f"of {readable(plan.gpu_memory_bytes)}"
    for stage, held in enumerate(plan.gpu_bytes_by_zero_stage or ()):
        fits = "fits, before activations" if held < plan.gpu_memory_bytes else "does not fit"
        lines.append((f"each GPU, ZeRO-{stage}", f"{readable(held)} {memory}", fits))
    return lines


def _time(hours: float) -> str:
    return f"{hours:.3g} hours" if hours < 72 else f"{_plain(hours / 24)} days"


def _plain(number: float) -> str:
    """A number as people read it: 13,486, or 26.4."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
