"""An observation: all that was seen when one trial was made of an answer."""

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class Raised:
    """An exception: its type, its base types, its message, and where in the answer it arose."""

    kind: str
    bases: list[str]
    message: str
    where: str = ""


@dataclass(frozen=True)
class Observation:
    """What came out of a trial, and what the answer did on the side.

    `outputs` holds one value a call (fewer if one raised). `gradients` maps the names of inputs and
    parameters to gradients, None where no gradient arrives; the map itself is None when the outputs
    carry no gradient at all or none was asked for. `mutated` names the inputs that were changed in
    place. `reseeded` and `drew` tell whether the global random generator was reset or used.
    `builtins` names the forbidden built-ins that ran. `printed` is what was written to stdout, cut.
    """

    outputs: list[Any] = field(default_factory=list)
    raised: Raised | None = None
    gradients: dict[str, Tensor | None] | None = None
    mutated: list[str] = field(default_factory=list)
    reseeded: bool = False
    drew: bool = False
    builtins: list[str] = field(default_factory=list)
    printed: str = ""
    foreign: str | None = None

    def as_value(self) -> dict[str, Any]:
        """Return this observation as a value for the wire."""
        return {**vars(self), "raised": None if self.raised is None else vars(self.raised)}

    @classmethod
    def from_value(cls, value: dict[str, Any]) -> "Observation":
        """Read an observation from the wire; anything missing or of a wrong type is a TypeError."""
        raised = value["raised"]
        read = cls(**{**value, "raised": None if raised is None else Raised(**raised)})
        if not isinstance(read.outputs, list) or not isinstance(read.mutated, list):
            raise TypeError("an observation's outputs and mutated inputs are lists")
        return read
