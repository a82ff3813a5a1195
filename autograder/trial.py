"""A trial: one thing to do with an answer, described as data so that it can cross the wire."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from torch import Tensor


@dataclass(frozen=True)
class Call:
    """Call an answer (or, with `method`, a method of the object it made) with these arguments."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    method: str | None = None


@dataclass(frozen=True)
class Trial:
    """The calls to make, in order, and how.

    `construct` is given for classes: the object is made with it, loaded with the weights `state`
    (if any) and then called. `gradients` asks for the gradients of a fixed weighted sum of the
    outputs, with respect to every floating-point input and parameter. `strided` hands tensors
    over as non-contiguous views, `device` names where tensors shall live, and `repeat` makes the
    whole sequence of calls so often, with one continuing random generator, and collects the
    results.
    """

    calls: tuple[Call, ...] = ()
    construct: Call | None = None
    state: dict[str, Tensor] | None = None
    gradients: bool = False
    strided: bool = False
    device: str = "cpu"
    repeat: int = 1

    def call(self, *args: Any, **kwargs: Any) -> Self:
        """Add a call of the answer, or of the object that it made."""
        return replace(self, calls=(*self.calls, Call(args, kwargs)))

    def then(self, method: str, *args: Any, **kwargs: Any) -> Self:
        """Add a call of one of the object's methods."""
        return replace(self, calls=(*self.calls, Call(args, kwargs, method)))

    def load(self, state: dict[str, Tensor]) -> Self:
        """Load these weights, by name, after the object is made."""
        return replace(self, state=state)

    def with_gradients(self) -> Self:
        """Ask for gradients too."""
        return replace(self, gradients=True)

    def times(self, repeat: int) -> Self:
        """Make all calls `repeat` times."""
        return replace(self, repeat=repeat)

    def as_value(self) -> dict[str, Any]:
        """Return this trial as a value for the wire."""
        value = dict(vars(self))
        value["calls"] = [vars(call) for call in self.calls]
        value["construct"] = None if self.construct is None else vars(self.construct)
        return value

    @classmethod
    def from_value(cls, value: dict[str, Any]) -> Self:
        """Read a trial from a value of the wire."""
        made = value["construct"]
        return cls(
            **{
                **value,
                "calls": tuple(Call(**call) for call in value["calls"]),
                "construct": None if made is None else Call(**made),
            }
        )


def ask(*args: Any, **kwargs: Any) -> Trial:
    """Call a function once with these arguments."""
    return Trial().call(*args, **kwargs)


def build(*args: Any, **kwargs: Any) -> Trial:
    """Make an object of a class with these arguments; go on with `.load`, `.call` and `.then`."""
    return Trial(construct=Call(args, kwargs))
