"""Adapted: a judge of a model that went on learning, and of what was measured on the way."""

import math
from dataclasses import dataclass
from typing import Any

from autograder.exercises.decoder.afterwards import Afterwards
from autograder.judge import Seen
from autograder.words import Words

KEYS = ("general", "domain")


@dataclass
class Adapted(Afterwards):
    """Looks at the measurements first, text by text, then at what the model has become."""

    returned: str = "the bits per byte"

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first wrong measurement before training; then all else."""
        for one, right in zip(seen, expected, strict=True):
            if one.raised or right.raised:
                continue
            text = self._measured(one.outputs[0][0], right.outputs[0][0])
            if text:
                return text
        return super().fault(seen, expected, words)

    def _measured(self, mine: Any, right: Any) -> str | None:
        if not isinstance(mine, dict) or set(mine) != set(KEYS):
            return 'It should return a dictionary with the keys "general" and "domain".'
        for key in KEYS:
            if not isinstance(mine[key], list | tuple) or len(mine[key]) != 2:
                return f'What it returns for "{key}" should be two numbers: before and after.'
        for key in KEYS:
            if not math.isclose(float(mine[key][0]), right[key][0], rel_tol=1e-6):
                return (
                    f"Before any training, the {key} text should need {right[key][0]:.4f} bits "
                    f"per byte; it says {float(mine[key][0]):.4f}."
                )
        return None
