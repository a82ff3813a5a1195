"""An exercise: one reference layer with its cases, its known mistakes and its variants."""

import inspect
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import nn

from autograder.house_rules import NAME, variations
from autograder.judge import Close, Judge, Undisclosed
from autograder.trial import Trial

Answer = TypeVar("Answer")

# Where people find torch's built-ins, and what they call the place.
PLACES = (
    (torch, "torch"),
    (torch.nn.functional, "torch.nn.functional"),
    (torch.nn, "torch.nn"),
    (torch.Tensor, "torch.Tensor"),
)


@dataclass(frozen=True)
class ByHand:
    """A trial whose output is known from paper: the reference itself is held against it."""

    trial: Trial
    output: Any


Trials = Trial | ByHand | Sequence[Trial]


@dataclass(frozen=True)
class Case:
    """One situation that an answer is tried in.

    `make` gives the trials from a seeded generator. A hidden case gets a fresh seed every time, and
    its inputs are never shown. `judge` compares what was seen with what the reference shows. `hint`
    may add a sentence for learners who fail it.
    """

    name: str
    points: float
    make: Callable[[torch.Generator], Trials]
    hidden: bool = False
    judge: Judge = field(default_factory=Close)
    hint: str = ""

    def trials(self, seed: int) -> list[Trial]:
        """Return the trials; visible cases are the same for every seed."""
        made = self.made(seed)
        if isinstance(made, ByHand):
            return [made.trial]
        return [made] if isinstance(made, Trial) else list(made)

    def made(self, seed: int = 0) -> Trials:
        """Return what `make` gives: trials, or one with the result that was worked out by hand."""
        start = zlib.crc32(self.name.encode()) + (seed if self.hidden else 0)
        return self.make(torch.Generator().manual_seed(start % 2**63))


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really write: as code, with what is wrong and where to look."""

    name: str
    look: str
    answer: Any


@dataclass(frozen=True)
class Variant:
    """A right answer written another way."""

    name: str
    answer: Any


class Exercise:
    """One thing that a learner rebuilds, and all that is known about doing it right and wrong.

    `reference` is the layer: a function, a class, or a plain value (which then needs a `name`).
    `instead_of` lists the built-ins that would bypass the exercise; `uses` the earlier exercises of
    the same lesson that the reference is built on; `returns` names the parts of a returned tuple.
    """

    def __init__(
        self,
        reference: Any,
        *,
        name: str = "",
        instead_of: Sequence[Any] = (),
        uses: Sequence["Exercise"] = (),
        returns: Sequence[str] = (),
    ) -> None:
        """Start without cases; they are added by the decorators below."""
        self.reference = reference
        self.name: str = name or reference.__name__
        self.instead_of = tuple(_dotted(builtin) for builtin in instead_of)
        self.uses = tuple(uses)
        self.returns = tuple(returns)
        self.cases: list[Case] = []
        self.mistakes: list[Mistake] = []
        self.variants: list[Variant] = []
        self.house: Case | None = None

    @property
    def kind(self) -> str:
        """One of: function, class, value."""
        if inspect.isclass(self.reference):
            return "class"
        return "function" if callable(self.reference) else "value"

    @property
    def is_module(self) -> bool:
        """Whether the reference is a class of torch modules."""
        return self.kind == "class" and issubclass(self.reference, nn.Module)

    @property
    def points(self) -> float:
        """All points there are: the sum over the cases."""
        return float(sum(case.points for case in self.all_cases()))

    def all_cases(self) -> list[Case]:
        """Return the cases in order, the house rules last."""
        return [*self.cases, *([self.house] if self.house else [])]

    def case(
        self,
        name: str,
        points: float = 1,
        *,
        hidden: bool = False,
        judge: Judge | None = None,
        hint: str = "",
    ) -> Callable[[Callable[[torch.Generator], Trials]], Callable[[torch.Generator], Trials]]:
        """Add a case: the decorated function makes its trials from a seeded generator."""

        def add(make: Callable[[torch.Generator], Trials]) -> Any:
            usual = Undisclosed() if self.kind == "value" else Close()
            self.cases.append(Case(name, points, make, hidden, judge or usual, hint))
            return make

        return add

    def house_rules(
        self, points: float = 1, *, judge: Judge | None = None
    ) -> Callable[[Callable[[torch.Generator], Trial]], Callable[[torch.Generator], Trial]]:
        """Say what a typical call is; the generic mistakes are looked for in variations of it."""

        def add(make: Callable[[torch.Generator], Trial]) -> Any:
            def trials(generator: torch.Generator) -> list[Trial]:
                return variations(make(generator))

            self.house = Case(NAME, points, trials, judge=judge or Close())
            return make

        return add

    def mistake(self, name: str, look: str) -> Callable[[Answer], Answer]:
        """Add a known mistake: `name` says what is wrong, `look` asks where to look.

        The decorated function or class is the wrong answer; for a plain value, a function that
        computes it.
        """

        def add(answer: Answer) -> Answer:
            self.mistakes.append(Mistake(name, look, self._answer(answer)))
            return answer

        return add

    def variant(self, answer: Answer) -> Answer:
        """Add a right answer written another way; its name is the function's or class's name."""
        self.variants.append(Variant(getattr(answer, "__name__", ""), self._answer(answer)))
        return answer

    def _answer(self, answer: Any) -> Any:
        return answer() if self.kind == "value" else answer


def _dotted(builtin: Any) -> str:
    """The name that people call a built-in by; functions in C do not know it themselves."""
    name: str = builtin.__name__
    for place, called in PLACES:
        if getattr(place, name, None) is builtin:
            return f"{called}.{name}"
    return f"{builtin.__module__}.{name}"
