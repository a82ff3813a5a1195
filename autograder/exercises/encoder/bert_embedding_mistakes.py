"""What goes wrong in BertEmbedding: the three vectors and their sum. Here are the steps, too."""

import torch

from autograder.exercises.encoder.bert_embedding import bert_embedding
from gradus.encoder import BertEmbedding


class Steps(BertEmbedding):
    """The embedding in steps that can go wrong one by one."""

    def places(self, x, types):
        return self.positions(x)

    def kinds(self, ids, types):
        return self.types(torch.zeros_like(ids) if types is None else types)

    def total(self, ids, types):
        return self.places(self.tokens(ids), types) + self.kinds(ids, types)

    def forward(self, ids, types=None):
        return self.norm(self.total(ids, types))


@bert_embedding.mistake(
    "The vectors of the types are never added.", "How many vectors are added for each token?"
)
class NoTypes(Steps):
    def kinds(self, ids, types):
        return 0


@bert_embedding.mistake(
    "Without types, no vector of a type is added.", "Of which type are tokens when nobody says?"
)
class NothingWithoutTypes(Steps):
    def kinds(self, ids, types):
        return 0 if types is None else self.types(types)


@bert_embedding.mistake(
    "The types that are given are ignored: all tokens are of type 0.",
    "Which argument does your forward never read?",
)
class TypesIgnored(Steps):
    def kinds(self, ids, types):
        return self.types(torch.zeros_like(ids))


@bert_embedding.mistake(
    "Without types, all tokens are of type 1.", "Does counting begin at 0 or at 1?"
)
class TypeOne(Steps):
    def kinds(self, ids, types):
        if types is None:
            types = torch.ones_like(ids).clamp(max=len(self.types.weight) - 1)
        return self.types(types)


@bert_embedding.mistake(
    "The type is that of the first token, for the whole text.",
    "How many types may a text of two segments have?",
)
class TypeOfFirst(Steps):
    def kinds(self, ids, types):
        return super().kinds(ids, types)[:, :1]


@bert_embedding.mistake(
    "The vector of the type is multiplied with the others.", "What is done with three vectors?"
)
class TypesMultiplied(Steps):
    def total(self, ids, types):
        return self.places(self.tokens(ids), types) * self.kinds(ids, types)


@bert_embedding.mistake(
    "The positions are missing.", "Would the layer notice if the words came in another order?"
)
class NoPositions(Steps):
    def places(self, x, types):
        return x


@bert_embedding.mistake(
    "Positions are counted from 1.", "Which row of the table belongs to the first word?"
)
class PositionsFromOne(Steps):
    def places(self, x, types):
        rows = self.positions.weight.roll(-1, 0)
        return self.positions(x) - self.positions.weight[: x.shape[1]] + rows[: x.shape[1]]


@bert_embedding.mistake(
    "The positions begin anew with the second segment.",
    "A text has 5 tokens, in two segments. How many positions has it?",
)
class PositionsRestart(Steps):
    def places(self, x, types):
        if types is None:
            return self.positions(x)
        same = types.unsqueeze(-1) == types.unsqueeze(-2)
        before = same.tril(-1).sum(-1)
        return x + self.positions.weight[before]


@bert_embedding.mistake(
    "All tokens get the position 0.", "Do the first and the second word get different rows?"
)
class AllAtZero(Steps):
    def places(self, x, types):
        return self.positions(x) - self.positions.weight[: x.shape[1]] + self.positions.weight[0]


@bert_embedding.mistake(
    "The positions are given the ids; they expect vectors, to which they add.",
    "What does your LearnedPositions take, and what does it return?",
)
class PositionsOfIds(Steps):
    def total(self, ids, types):
        return self.tokens(ids) + self.positions(ids) + self.kinds(ids, types)


@bert_embedding.mistake(
    "The positions are cut off from the gradient: they are never learned.",
    "Which of the three tables shall learn?",
)
class PositionsFixed(Steps):
    def places(self, x, types):
        return x + (self.positions(x) - x).detach()


@bert_embedding.mistake(
    "A text longer than the table is cut off, and nobody is told.",
    "What does the docstring do with a text that is too long?",
)
class CutShort(Steps):
    def forward(self, ids, types=None):
        most = len(self.positions.weight)
        return super().forward(ids[:, :most], None if types is None else types[:, :most])


@bert_embedding.mistake(
    "In a text longer than the table, the positions begin again at 0.",
    "What does the docstring do with a text that is too long?",
)
class WrapsAround(Steps):
    def places(self, x, types):
        rows = torch.arange(x.shape[1], device=x.device) % len(self.positions.weight)
        return x + self.positions.weight[rows]
