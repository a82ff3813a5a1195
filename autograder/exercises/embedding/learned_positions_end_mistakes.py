"""What goes wrong in LearnedPositions at the end of the table, and at its start."""

import torch
from torch import nn

from autograder.exercises.embedding.learned_positions import learned_positions
from autograder.exercises.embedding.learned_positions_mistakes import Steps


class Unchecked(Steps):
    """Whatever position is asked for goes on to the table."""

    def check(self, seq, offset):
        pass


@learned_positions.mistake(
    "Positions past the table all get its last row, and nobody notices.",
    "What should happen when a text is too long?",
)
class Clamped(Unchecked):
    def rows(self, x, offset):
        places = torch.arange(offset, offset + x.shape[-2], device=x.device)
        return self.weight[places.clamp(0, len(self.weight) - 1)]


@learned_positions.mistake(
    "Positions past the table begin again at 0, and nobody notices.",
    "What should happen when a text is too long?",
)
class BeginsAgain(Unchecked):
    def rows(self, x, offset):
        places = torch.arange(offset, offset + x.shape[-2], device=x.device)
        return self.weight[places % len(self.weight)]


@learned_positions.mistake(
    "A text that is too long is cut off.", "Has the result as many words as x?"
)
class CutOff(Unchecked):
    def forward(self, x, offset=0):
        rows = self.rows(x, max(0, offset))
        return x[..., : len(rows), :] + rows


@learned_positions.mistake(
    "Nothing is checked: the slice becomes too short, and the addition fails or goes unnoticed.",
    "A slice past the end is no error in Python. How long is it?",
)
class NothingChecked(Unchecked):
    pass


@learned_positions.mistake(
    "Only the length of x is checked, not where it ends.",
    "Two words at offset 5: which positions are they, and does a table of 6 have them?",
)
class LengthOnly(Steps):
    def check(self, seq, offset):
        if seq > len(self.weight) or offset < 0:
            raise ValueError("no such position")


@learned_positions.mistake(
    "Only the offset is checked, not where the text ends.",
    "Two words at offset 5: which positions are they, and does a table of 6 have them?",
)
class OffsetOnly(Steps):
    def check(self, seq, offset):
        if not 0 <= offset < len(self.weight):
            raise ValueError("no such position")


@learned_positions.mistake(
    "A text that just fills the table is refused.", "Which is the last position that has a row?"
)
class RefusesFull(Steps):
    def check(self, seq, offset):
        if offset < 0 or offset + seq >= len(self.weight):
            raise ValueError("no such position")


@learned_positions.mistake(
    "A negative offset is let through.", "What does a slice that begins at -1 give?"
)
class NegativePasses(Steps):
    def check(self, seq, offset):
        if offset + seq > len(self.weight):
            raise ValueError("no such position")


@learned_positions.mistake(
    "What is past the table is refused with an IndexError; the docstring names another error.",
    "Which error does the docstring name?",
)
class OtherError(Steps):
    def check(self, seq, offset):
        if offset < 0 or offset + seq > len(self.weight):
            raise IndexError("no such position")


@learned_positions.mistake(
    "The table starts with zeros.", "Which numbers does the docstring start with?"
)
class StartsZero(Steps):
    def __init__(self, max_seq, d_model):
        super().__init__(max_seq, d_model)
        nn.init.zeros_(self.weight)


@learned_positions.mistake(
    "The table starts with numbers as large as the words' own.",
    "Which standard deviation does the docstring name?",
)
class StartsLarge(Steps):
    def __init__(self, max_seq, d_model):
        super().__init__(max_seq, d_model)
        nn.init.normal_(self.weight)
