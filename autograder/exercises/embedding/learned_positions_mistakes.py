"""What goes wrong in LearnedPositions."""

import torch
from torch import nn

from autograder.exercises.embedding.learned_positions import learned_positions
from gradus.position import LearnedPositions


class Steps(LearnedPositions):
    """The layer in steps that can go wrong one by one."""

    def check(self, seq, offset):
        if offset < 0 or offset + seq > len(self.weight):
            raise ValueError("no such position")

    def rows(self, x, offset):
        return self.weight[offset : offset + x.shape[-2]]

    def add(self, x, rows):
        return x + rows

    def forward(self, x, offset=0):
        self.check(x.shape[-2], offset)
        return self.add(x, self.rows(x, offset))


@learned_positions.mistake(
    "The offset is ignored: every piece begins at position 0.",
    "A word comes after four others in the cache. At which position does it stand?",
)
class NoOffset(Steps):
    def rows(self, x, offset):
        return self.weight[: x.shape[-2]]


@learned_positions.mistake(
    "The offset moves only the beginning of the slice, not its end.",
    "With offset 4 and one word, where does the slice begin and where does it end?",
)
class EndNotMoved(Steps):
    def rows(self, x, offset):
        return self.weight[offset : x.shape[-2]]


@learned_positions.mistake(
    "The offset is taken for the last position: it counts one too few.",
    "When four positions came before, at which does the next word stand?",
)
class OffsetLessOne(Steps):
    def rows(self, x, offset):
        return super().rows(x, max(0, offset - 1))


@learned_positions.mistake(
    "Positions are counted from 1.", "Which row of the table belongs to the first word?"
)
class FromOne(Steps):
    def rows(self, x, offset):
        places = torch.arange(offset + 1, offset + 1 + x.shape[-2], device=x.device)
        return self.weight[places % len(self.weight)]


@learned_positions.mistake(
    "It counts for itself how many words it has seen, whatever the offset says.",
    "What happens when a new text begins?",
)
class CountsItself(Steps):
    seen = 0

    def forward(self, x, offset=0):
        out = super().forward(x, self.seen)
        self.seen += x.shape[-2]
        return out


@learned_positions.mistake(
    "The whole table is added, not the rows of this text.",
    "How many rows does a text of five words need?",
)
class WholeTable(Steps):
    def rows(self, x, offset):
        return self.weight


@learned_positions.mistake(
    "The last rows of the table are taken, not the first.", "Which row belongs to the first word?"
)
class LastRows(Steps):
    def rows(self, x, offset):
        end = len(self.weight) - offset
        return self.weight[end - x.shape[-2] : end]


@learned_positions.mistake(
    "The rows come in reverse order.", "Which row belongs to the first word?"
)
class Reversed(Steps):
    def rows(self, x, offset):
        return super().rows(x, offset).flip(0)


@learned_positions.mistake(
    "Every word gets the same row.", "Do the first and the second word get different rows?"
)
class OneRow(Steps):
    def rows(self, x, offset):
        return self.weight[offset]


@learned_positions.mistake(
    "The position counts the texts of the batch, not the words.",
    "Which axis of x do the positions run along?",
)
class AlongTheBatch(Steps):
    def rows(self, x, offset):
        places = torch.arange(offset, offset + x.shape[0], device=x.device) % len(self.weight)
        return self.weight[places].unsqueeze(1)


@learned_positions.mistake(
    "The positions run on from one text of the batch to the next.",
    "At which position does the second text of a batch begin?",
)
class RunsOn(Steps):
    def rows(self, x, offset):
        places = torch.arange(x[..., 0].numel(), device=x.device).view(x.shape[:-1]) + offset
        return self.weight[places % len(self.weight)]


@learned_positions.mistake(
    "The rows are multiplied with x.", "What does the docstring do with the two vectors?"
)
class Multiplied(Steps):
    def add(self, x, rows):
        return x * rows


@learned_positions.mistake(
    "Only the rows are returned; x is missing.", "Where does the word itself come in?"
)
class RowsOnly(Steps):
    def add(self, x, rows):
        return rows.expand_as(x)


@learned_positions.mistake(
    "The rows are put behind the vectors instead of being added.",
    "How wide is the result meant to be?",
)
class PutBehind(Steps):
    def add(self, x, rows):
        return torch.cat([x, rows.expand_as(x)], dim=-1)


@learned_positions.mistake(
    "x is multiplied by the square root of d_model first.",
    "The original Transformer does that before its positions. Does this docstring?",
)
class ScaledWords(Steps):
    def add(self, x, rows):
        return x * x.shape[-1] ** 0.5 + rows


@learned_positions.mistake(
    "The positions are added into x itself, in place.", "What does x += ... do to the caller's x?"
)
class InPlace(Steps):
    def add(self, x, rows):
        x += rows
        return x


@learned_positions.mistake(
    "The table is detached, so no position is learned.", "What does .detach() (or .data) cut off?"
)
class Detached(Steps):
    def rows(self, x, offset):
        return super().rows(x, offset).detach()


@learned_positions.mistake(
    "The table is no parameter, so nothing can learn it.",
    "How does an optimiser find the numbers that it shall change?",
)
class NoParameter(Steps):
    def __init__(self, max_seq, d_model):
        super().__init__(max_seq, d_model)
        table = self.weight.detach()
        del self.weight
        self.weight = table


@learned_positions.mistake(
    "The table lies on its side: a column for each position.",
    "What shape does the docstring give the table?",
)
class OnItsSide(Steps):
    def __init__(self, max_seq, d_model):
        super().__init__(max_seq, d_model)
        self.weight = nn.Parameter(self.weight.detach().T.clone())
