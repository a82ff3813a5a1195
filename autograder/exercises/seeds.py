"""Seeds: the judge of what a generator must decide, and another generator otherwise."""

import torch

from autograder.judge import Close, Seen, complaint
from autograder.observation import Observation
from autograder.words import Words


class Seeds(Close):
    """Three results: the first two, from one seed, must be equal; the third, from another, not.

    An exercise says in its own words what generators did: `differently` with one seed, `alike_with`
    two.
    """

    differently: str
    alike_with: str

    def form(self, one: Observation, right: Observation) -> str | None:
        """Report a result that is not of the kind to be compared; None if it is."""
        return None

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report a seed that does not decide what is drawn."""
        for one, right in zip(seen, expected, strict=True):
            text = complaint(one, right) or self.form(one, right)
            if text:
                return text
        first, again, other = (one.outputs[0] for one in seen)
        if not torch.equal(first, again):
            return f"Two generators with the same seed {self.differently}."
        if torch.equal(first, other):
            return f"Two generators with different seeds {self.alike_with}."
        return None
