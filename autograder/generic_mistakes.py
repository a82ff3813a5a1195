"""Generic mistakes: ways to spoil any right answer, made from the reference itself.

They need not be written again for each exercise; every exercise must take points for each of them
that applies to it.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from autograder.diagnosis import observe_own
from autograder.exercise import Exercise, Mistake
from autograder.trial import Trial

Spoil = Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]


def _map(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, list | tuple):
        return type(value)(_map(item, change) for item in value)
    return value


def _given(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Tensor]:
    return [v for v in (*args, *kwargs.values()) if isinstance(v, Tensor)]


def _mutates(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    result = _map(f(*args, **kwargs), torch.clone)
    with torch.no_grad():
        for tensor in _given(args, kwargs):
            tensor.copy_(tensor.roll(1) if tensor.dtype == torch.bool else tensor + 1)
    return result


def _detaches(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return _map(f(*args, **kwargs), torch.detach)


def _half(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return _map(f(*args, **kwargs), lambda t: t.half() if t.is_floating_point() else t.float())


def _on_cpu(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    def mix(tensor: Tensor) -> Tensor:
        zeros = torch.zeros(tensor.shape, dtype=tensor.dtype)  # made on the CPU, whatever the input
        return tensor ^ zeros if tensor.dtype == torch.bool else tensor + zeros

    return _map(f(*args, **kwargs), mix)


def _first_only(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    def keep(tensor: Tensor) -> Tensor:
        if tensor.dim() < 2 or len(tensor) < 2:
            return tensor
        return torch.cat([tensor[:1], torch.zeros_like(tensor[1:])])

    return _map(f(*args, **kwargs), keep)


def _contiguous_only(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    for tensor in _given(args, kwargs):
        tensor.view(-1)
    return f(*args, **kwargs)


def _reseeds(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    torch.manual_seed(0)
    return f(*args, **kwargs)


def _zeros(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return _map(f(*args, **kwargs), torch.zeros_like)


def _remembers() -> Spoil:
    """A spoiler that returns its first result ever after."""
    first: list[Any] = []

    def spoil(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not first:
            first.append(f(*args, **kwargs))
        return first[0]

    return spoil


def generic_mistakes(exercise: Exercise) -> list[Mistake]:
    """Return the generic mistakes that apply to an exercise, judged by its typical call."""
    if exercise.kind == "value" or exercise.house is None:
        return []
    trial = exercise.house.trials(0)[0]
    outputs = _reference_outputs(exercise, trial)
    given = [t for call in trial.calls for t in _given(call.args, call.kwargs)]
    tensors = [t for t in _flat(outputs) if isinstance(t, Tensor)]
    gives_float = any(t.is_floating_point() for t in tensors)
    takes_float = any(t.is_floating_point() for t in given) or trial.state is not None
    found: list[tuple[str, Spoil]] = [("resets the global random generator", _reseeds)]
    if given:
        found.append(("changes its inputs in place", _mutates))
    if any(t.dim() > 1 for t in given):
        found.append(("works on contiguous tensors only", _contiguous_only))
    if tensors:
        found.append(("returns another dtype", _half))
    if any(t.bool().any() for t in tensors):
        found.append(("returns zeros", _zeros))
    if any(t.dim() > 1 and len(t) > 1 and t[1:].bool().any() for t in tensors):
        found.append(("computes the first of the batch only", _first_only))
    if tensors and given:
        found.append(("returns its first result ever after", _remembers()))
        # A number on the CPU mixes with tensors of any device.
        # Where the reference reads values, the meta device shows nothing of devices.
        seen_on_meta = not observe_own(exercise, exercise.reference, _on_meta(trial)).raised
        if any(t.dim() for t in tensors) and seen_on_meta:
            found.append(("makes a tensor on the CPU", _on_cpu))
    if gives_float and takes_float:
        found.append(("cuts the gradient", _detaches))
    return [Mistake(name, "", _spoiled(exercise, spoil)) for name, spoil in found]


def _on_meta(trial: Trial) -> Trial:
    return replace(trial, device="meta", gradients=False)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [inner for item in value for inner in _flat(item)]
    return [value]


def _reference_outputs(exercise: Exercise, trial: Trial) -> list[Any]:
    return observe_own(exercise, exercise.reference, trial).outputs


def _spoiled(exercise: Exercise, spoil: Spoil) -> Any:
    """The reference with a spoiler around it, or around every public method of it."""
    reference = exercise.reference
    if exercise.kind == "function":

        @functools.wraps(reference)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return spoil(reference, args, kwargs)

        return answer

    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def spoiled(self: Any, *args: Any, **kwargs: Any) -> Any:
            return spoil(lambda *a, **k: method(self, *a, **k), args, kwargs)

        return spoiled

    methods = {
        name: wrap(method)
        for name, method in vars(reference).items()
        if inspect.isfunction(method) and (name == "forward" or not name.startswith("_"))
    }
    assert methods or issubclass(reference, nn.Module)
    return type(reference.__name__, (reference,), methods)
