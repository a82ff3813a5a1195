"""What goes wrong in Embedding with its first numbers, and with ids that are none."""

import torch
from torch import nn

from autograder.exercises.embedding.embedding import embedding
from autograder.exercises.embedding.embedding_mistakes import Steps


@embedding.mistake(
    "The table starts with zeros, so all tokens are alike.",
    "Which numbers does the docstring start with?",
)
class StartsZero(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        nn.init.zeros_(self.weight)


@embedding.mistake(
    "The table starts with numbers between 0 and 1: torch.rand, not torch.randn.",
    "What is the mean of the numbers that you draw?",
)
class StartsUniform(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        nn.init.uniform_(self.weight)
        if padding is not None:
            self.weight.data[padding] = 0


@embedding.mistake(
    "The numbers that it starts with are too small.", "Which variance does the docstring name?"
)
class StartsSmall(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        self.weight.data *= 0.02


@embedding.mistake(
    "The ids are not looked at: a negative one counts from the end of the table.",
    "What does table[-1] give in Python?",
)
class Unchecked(Steps):
    def check_range(self, ids):
        pass


@embedding.mistake(
    "A negative id counts from the end of the table; only the upper end is looked at.",
    "What does table[-1] give in Python?",
)
class OnlyAbove(Steps):
    def check_range(self, ids):
        if not ids.is_meta and ids.max() >= len(self.weight):
            raise ValueError("no such id")


@embedding.mistake(
    "Ids past the vocabulary are not refused with a ValueError.",
    "You look at one end of the ids. What about the other?",
)
class OnlyBelow(Steps):
    def check_range(self, ids):
        if not ids.is_meta and ids.min() < 0:
            raise ValueError("no such id")


@embedding.mistake(
    "The first id past the vocabulary is let through.", "Which id is the last one of 5 tokens?"
)
class OffByOne(Steps):
    def check_range(self, ids):
        if not ids.is_meta and (ids.min() < 0 or ids.max() > len(self.weight)):
            raise ValueError("no such id")


@embedding.mistake(
    "Ids outside the vocabulary begin again at its start, by %, and nobody notices.",
    "Should a wrong id find a row at all?",
)
class Wrapped(Steps):
    def check_range(self, ids):
        pass

    def look_up(self, ids):
        return self.weight[ids.long() % len(self.weight)]


@embedding.mistake(
    "Ids outside the vocabulary are moved to its nearest end, and nobody notices.",
    "Should a wrong id find a row at all?",
)
class Clamped(Steps):
    def check_range(self, ids):
        pass

    def look_up(self, ids):
        return self.weight[ids.long().clamp(0, len(self.weight) - 1)]


@embedding.mistake(
    "Ids with a fraction are cut down to whole numbers.", "Is there a token number 1.5?"
)
class AnyNumber(Steps):
    def check(self, ids):
        self.check_range(ids.long())


@embedding.mistake(
    "Ids of 32 bits are refused; they are whole numbers, too.",
    "Which dtypes hold whole numbers, and which ones does the docstring refuse?",
)
class Only64(Steps):
    def check(self, ids):
        if ids.dtype != torch.int64:
            raise TypeError("ids are int64")
        self.check_range(ids)


@embedding.mistake(
    "True and False pass for ids.", "What kind of tensor is a mask, and is it a list of tokens?"
)
class BooleansPass(Steps):
    def check(self, ids):
        if ids.is_floating_point():
            raise TypeError("ids are whole numbers")
        self.check_range(ids.long())


@embedding.mistake(
    "What are no whole numbers is refused with another error than the docstring's.",
    "Which error does the docstring name for a wrong kind of number?",
)
class OtherError(Steps):
    def check(self, ids):
        if ids.is_floating_point() or ids.dtype == torch.bool:
            raise ValueError("ids are whole numbers")
        self.check_range(ids)
