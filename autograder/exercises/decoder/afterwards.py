"""The judge of answers that change something in place: what became of it, in words."""

from dataclasses import dataclass, replace
from typing import Any

import torch

from autograder.compare import difference
from autograder.judge import Close
from autograder.observation import Observation
from autograder.words import Words


@dataclass
class Afterwards(Close):
    """Compares what is left behind, and what was returned where the reference returns something.

    An output is a tuple: what was returned, then dictionaries of what the call left behind.
    """

    returned: str = ""

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report the first differing entry by its name."""
        for i, (mine, theirs) in enumerate(zip(one.outputs, right.outputs, strict=True)):
            after = f"After call {i + 1}: " if len(right.outputs) > 1 else ""
            text = self._left(mine[1:], theirs[1:])
            if text:
                return after + text
            if self.returned and (text := difference(_tensor(mine[0]), theirs[0], Words(""))):
                return f"{after}Of {self.returned}: {text}"
        return None

    def _left(self, mine: Any, theirs: Any) -> str | None:
        for here, there in zip(mine, theirs, strict=True):
            for name, right in there.items():
                if name not in here:
                    return f"Afterwards there is no {name}."
                if text := difference(here[name], right, Words("")):
                    return f"Look at {name} afterwards. {text}"
            extra = next((name for name in here if name not in there), None)
            if extra is not None:
                return f"Afterwards there is {extra}, which should not be there."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare as always; what is returned counts only where something should be."""
        if not self.returned:
            one, other = (
                replace(o, outputs=[(None, *output[1:]) for output in o.outputs])
                for o in (one, other)
            )
        else:
            one, other = (
                replace(o, outputs=[(_tensor(r), *left) for r, *left in o.outputs])
                for o in (one, other)
            )
        return super().alike(one, other)


def _tensor(returned: Any) -> Any:
    """A plain number does for a tensor of one."""
    return torch.tensor(returned) if isinstance(returned, float) else returned
