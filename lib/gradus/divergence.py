"""Where do two models part? Run both on the same inputs, and compare them layer by layer.

Useful when a model with published weights gives other logits than it should: the first layer whose
output differs is where the mistake is, or right behind it.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Divergence:
    """The first layer where two models part: its name in each, and how.

    `largest` is the largest absolute difference (nan where none can be taken), `size` the largest
    number in either output. The model itself, whose output is compared last, has the name "".
    """

    name_a: str
    name_b: str
    how: str
    largest: float = float("nan")
    size: float = float("nan")

    def __str__(self) -> str:
        first = self.name_a or "the model's output"
        names = first if self.name_a == self.name_b else f"{first} (there {self.name_b})"
        return f"{names}: {self.how}"


def first_tensor(output: Any) -> Tensor | None:
    """Return the tensor that a layer gave back, or the first of several; None without any."""
    if isinstance(output, Tensor):
        return output
    items = output.values() if isinstance(output, Mapping) else output
    if not isinstance(output, Mapping | tuple | list):
        return None
    return next((found for item in items if (found := first_tensor(item)) is not None), None)


def outputs_of(model: nn.Module, inputs: Any, names: Sequence[str]) -> list[tuple[str, Tensor]]:
    """Run a model in eval mode; return (name, output) of the named layers as they finish."""
    seen: list[tuple[str, Tensor]] = []
    modules = dict(model.named_modules())
    training = {module: module.training for module in modules.values()}
    with ExitStack() as stack, torch.no_grad():
        for name in names:

            def keep(_module: nn.Module, _inputs: Any, output: Any, name: str = name) -> None:
                tensor = first_tensor(output)
                if tensor is not None:
                    # A copy: later layers may write into the stream.
                    seen.append((name, tensor.detach().clone()))

            stack.callback(modules[name].register_forward_hook(keep).remove)
        model.eval()
        try:
            model(**inputs) if isinstance(inputs, Mapping) else model(*inputs)
        finally:
            for module, mode in training.items():
                module.training = mode
    return seen


def difference(
    a: Tensor, b: Tensor, names: tuple[str, str], rtol: float, atol: float
) -> Divergence | None:
    """Say how two outputs of one layer differ; None when they agree."""
    if a.shape != b.shape:
        return Divergence(*names, f"shapes {tuple(a.shape)} and {tuple(b.shape)}")
    wide = torch.promote_types(torch.promote_types(a.dtype, b.dtype), torch.float32)
    a, b = a.to(wide), b.to(a.device, wide)
    for what, found in (("nan", torch.isnan), ("inf", torch.isinf)):
        in_a, in_b = found(a), found(b)
        # Two infinities agree only if they have the same sign.
        if (in_a != in_b).any() or (what == "inf" and (a[in_a] != b[in_b]).any()):
            return Divergence(*names, f"{what} at {in_a.sum()} places, and at {in_b.sum()}")
    finite = a.isfinite()
    if not finite.any():
        return None
    largest = (a - b)[finite].abs().max().item()
    size = max(a[finite].abs().max().item(), b[finite].abs().max().item())
    if largest <= atol + rtol * size:
        return None
    gaps = torch.where(finite, (a - b).abs(), 0.0)
    place = tuple(int(i) for i in torch.unravel_index(gaps.argmax(), gaps.shape))
    how = f"{a[place].item():.6g} and {b[place].item():.6g} at {place}, a gap of {largest:.3g}"
    return Divergence(*names, how, largest, size)


def first_divergence(
    model_a: nn.Module,
    model_b: nn.Module,
    inputs: Sequence[Any] | Mapping[str, Any],
    inputs_b: Sequence[Any] | Mapping[str, Any] | None = None,
    pairs: Mapping[str, str] | None = None,
    rtol: float = 1e-4,
    atol: float = 1e-6,
) -> Divergence | None:
    """Return the first layer, in the order in which those of model_a finish, where two models part.

    `inputs` are the arguments of both models, in order or by name; `inputs_b` those of model_b if
    it is called otherwise. `pairs` maps names of layers in model_a to names in model_b; without it,
    layers of the same name are compared. The outputs of the two models are always compared last.
    Of a layer that returns several things, the first tensor counts. Give texts without padding:
    what models compute at padding is never read, and may differ.

    Two outputs agree when they have the same shape, nan and inf at the same places, and differ by
    at most atol + rtol * (the largest number in either): so one tiny number that is off by its own
    size is no divergence in a layer of large ones. Both models are run in eval mode.

    Returns None when they agree everywhere. Raises ValueError for layers that do not exist, or when
    no layer has the same name in both.
    """
    names_a, names_b = dict(model_a.named_modules()), dict(model_b.named_modules())
    if pairs is None:
        pairs = {name: name for name in names_a if name and name in names_b}
        if not pairs:
            raise ValueError("no layer has the same name in both models: give `pairs` of names")
    unknown = [name for name in pairs if name not in names_a]
    unknown += [name for name in pairs.values() if name not in names_b]
    if unknown:
        raise ValueError(f"no such layer: {', '.join(unknown)}; see model.named_modules()")
    pairs = {**pairs, "": ""}
    waiting: dict[str, list[Tensor]] = {}
    theirs = inputs if inputs_b is None else inputs_b
    for name, output in outputs_of(model_b, theirs, list(dict.fromkeys(pairs.values()))):
        waiting.setdefault(name, []).append(output)
    for name, output in outputs_of(model_a, inputs, list(pairs)):
        if not waiting.get(pairs[name]):
            return Divergence(name, pairs[name], "runs more often in the first model")
        found = difference(output, waiting[pairs[name]].pop(0), (name, pairs[name]), rtol, atol)
        if found:
            return found
    left = next(((a, b) for a, b in pairs.items() if waiting.get(b)), None)
    return left and Divergence(*left, "runs more often in the second model")
