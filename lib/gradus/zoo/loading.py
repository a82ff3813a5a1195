"""Strict loading of published weights: each must have its place, and each place its weight.

A weight that is silently left at its starting value, or silently thrown away, gives a model that
talks nonsense and nothing to look for. So everything that does not fit is an error, all at once.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from gradus.zoo.names import matches, our_name

# How many names an error shows of each kind.
SHOWN = 6


def read_safetensors(*paths: Path | str) -> dict[str, Tensor]:
    """Return the weights in one or several safetensors files by name.

    Raises ValueError when two of the files hold the same name.
    """
    state: dict[str, Tensor] = {}
    for path in paths:
        part = load_file(path)
        if twice := sorted(state.keys() & part.keys()):
            raise ValueError(f"{path} holds names that stood in an earlier file: {few(twice)}")
        state |= part
    return state


def few(names: Iterable[str]) -> str:
    """Write out some names and count the rest."""
    names = list(names)
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest


def load_weights(
    model: nn.Module,
    state: Mapping[str, Tensor],
    names: Mapping[str, str],
    *,
    prefix: str = "",
    skipped: Iterable[str] = (),
) -> None:
    """Copy published weights into a model, in place; dtype and device stay those of the model.

    `names` maps published names to ours (see `names.py`); `prefix` is taken off the published
    names that begin with it. `skipped` lists what files hold beside this model's parameters, with
    stars: buffers that can be computed, and heads that it does not have. A parameter that the model
    uses in several places may stand in the file under one of its names or under several.

    Raises ValueError, and changes nothing, when names are missing or not known, when a shape is
    another, or when one parameter is given twice with different values. It names all of them.
    """
    places = dict(model.named_parameters(remove_duplicate=False))
    given: dict[nn.Parameter, tuple[str, Tensor]] = {}
    unknown, shapes, twice = [], [], []
    for name, tensor in state.items():
        bare = name.removeprefix(prefix)
        if matches(bare, skipped):
            continue
        ours = our_name(bare, names)
        if ours not in places:
            unknown.append(name)
            continue
        parameter = places[ours]
        if tensor.shape != parameter.shape:
            shape, wanted = tuple(tensor.shape), tuple(parameter.shape)
            shapes.append(f"{name} is {shape} but {ours} is {wanted}")
        elif parameter in given and not torch.equal(given[parameter][1], tensor):
            twice.append(f"{given[parameter][0]} and {name}")
        given.setdefault(parameter, (name, tensor))
    missing = [name for name, parameter in model.named_parameters() if parameter not in given]
    problems = {
        "missing (our names)": missing,
        "not known": unknown,
        "of another shape": shapes,
        "one parameter here, but with different values": twice,
    }
    if any(problems.values()):
        lines = [f"- {what}: {few(which)}" for what, which in problems.items() if which]
        raise ValueError(
            "these weights do not fit the model; nothing was loaded\n"
            + "\n".join(lines)
            + "\nIs the model built from the config that these weights were published with?"
        )
    with torch.no_grad():
        for parameter, (_, tensor) in given.items():
            parameter.copy_(tensor)
