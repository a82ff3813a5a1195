"""Words for outputs: which axis is which, taken from the reference's own annotations."""

import inspect
import typing
from dataclasses import dataclass
from typing import Any

from torch import Tensor

SINGULAR = {
    "heads": "head",
    "kv_heads": "head",
    "new": "position",
    "scales": "scale",
    "seq": "position",
    "vocab": "token",
}


@dataclass(frozen=True)
class Words:
    """The parameter names of an answer and the axes of what it returns.

    `axes` holds one tuple of axis names for each tensor returned, `returns` a name for each.
    `tensor` is the first parameter that takes a tensor.
    """

    name: str
    parameters: tuple[str, ...] = ()
    axes: tuple[tuple[str, ...], ...] = ()
    returns: tuple[str, ...] = ()
    tensor: str = "x"

    def place(self, index: tuple[int, ...], part: int = 0) -> str:
        """Say where an element stands, as `batch 0, query 2`."""
        if not index:
            return "the number"
        axes = self.axes_of(part, len(index))
        if all(axis.startswith("axis ") for axis in axes):
            return f"index [{', '.join(map(str, index))}]"
        named = zip(axes, index, strict=True)
        # An axis called 1 only makes room for another one.
        return ", ".join(f"{SINGULAR.get(axis, axis)} {i}" for axis, i in named if axis != "1")

    def shape(self, shape: tuple[int, ...], part: int = 0) -> str:
        """Say a shape with its axes, as `(batch 2, query 3)`."""
        axes = ("" if axis == "1" else f"{axis} " for axis in self.axes_of(part, len(shape)))
        return "(" + ", ".join(f"{a}{size}" for a, size in zip(axes, shape, strict=True)) + ")"

    def axes_of(self, part: int, rank: int) -> tuple[str, ...]:
        """Return the names of all `rank` axes of one returned tensor."""
        names = self.axes[part] if part < len(self.axes) else ()
        if "..." in names:
            at = names.index("...")
            filler = tuple(f"axis {i}" for i in range(at, at + rank - len(names) + 1))
            # Before the numbers of a vector stand its positions; before those, heads.
            usual = ("batch", "head") if len(names) > 2 else ("batch", "seq")
            filler = usual[: len(filler)] if len(filler) <= 2 else filler
            names = names[:at] + filler + names[at + 1 :]
        return names if len(names) == rank else tuple(f"axis {i}" for i in range(rank))

    def part(self, part: int, parts: int) -> str:
        """Name one part of what is returned; empty when there is only one."""
        if parts == 1:
            return ""
        return self.returns[part] if part < len(self.returns) else f"part {part + 1}"

    def given(self, path: str) -> str:
        """Name an input from its path in a trial, as `0/2` for the third argument of call 0."""
        if path.startswith("weight/"):
            return path.removeprefix("weight/")
        if path.startswith("given/"):
            return f"the {path.rpartition('/')[2]} of a part that it was given"
        _, name, *_ = path.split("/")
        if name.isdigit() and int(name) < len(self.parameters):
            return self.parameters[int(name)]
        return f"argument {int(name) + 1}" if name.isdigit() else name


def words_of(reference: Any, name: str, returns: tuple[str, ...] = ()) -> Words:
    """Read the words off a function's signature, or those of the method that a class is for."""
    function = _main_method(reference) if inspect.isclass(reference) else reference
    if not callable(function):
        return Words(name)
    parameters = tuple(p for p in inspect.signature(function).parameters if p != "self")
    return Words(name, parameters, _returned_axes(function), returns, _first_tensor(function))


def _main_method(kind: type) -> Any:
    """`forward`; without one, the first public method that returns tensors with named axes."""
    public = [m for n, m in vars(kind).items() if inspect.isfunction(m) and not n.startswith("_")]
    named = (method for method in public if any(_returned_axes(method)))
    return getattr(kind, "forward", None) or next(named, None)


def _first_tensor(function: Any) -> str:
    """The first parameter that is annotated as a tensor; "x" if none is."""
    hints = typing.get_type_hints(function)
    return next((name for name, hint in hints.items() if name != "return" and _axes(hint)), "x")


def _returned_axes(function: Any) -> tuple[tuple[str, ...], ...]:
    """The axis names of each part that a function returns."""
    annotation = typing.get_type_hints(function).get("return")
    parts = typing.get_args(annotation) if typing.get_origin(annotation) is tuple else (annotation,)
    return tuple(_axes(part) for part in parts)


def _axes(annotation: Any) -> tuple[str, ...]:
    """The axis names of a jaxtyping annotation; none for anything else."""
    text = getattr(annotation, "dim_str", None)
    if not isinstance(text, str) or getattr(annotation, "array_type", None) is not Tensor:
        return ()
    return tuple(word.lstrip("*#") for word in text.split())
