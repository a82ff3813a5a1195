"""The judge of functions of one number: what went in, what came out, what should have."""

from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.compare import close
from autograder.judge import Close
from autograder.observation import Observation
from autograder.words import Words


@dataclass
class AtWorst(Close):
    """As `Close`, but a wrong result is told by its input, where it is farthest off."""

    x: Tensor

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report the largest difference by the number that was given."""
        got, expected = one.outputs[0], right.outputs[0]
        text = super().outputs(one, right, words)
        if text is None or not isinstance(got, Tensor) or text.startswith(("The shape", "The dt")):
            return text
        off = (got - expected).abs().nan_to_num(torch.inf).flatten()
        at = int(off.argmax())
        x, got, expected = (t.flatten()[at].item() for t in (self.x, got, expected))
        wrong = int((~close(one.outputs[0], right.outputs[0])).sum())
        return (
            f"{words.name}({x:.4g}) should be {expected:.7g}; it is {got:.7g}. "
            f"{wrong} of {len(off)} numbers differ, this one most."
        )
