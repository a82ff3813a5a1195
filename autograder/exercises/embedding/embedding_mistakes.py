"""What goes wrong in Embedding."""

import torch
from torch import nn

from autograder.exercises.embedding.embedding import embedding
from gradus.embedding import Embedding


class Steps(Embedding):
    """The layer in steps that can go wrong one by one."""

    def check(self, ids):
        if ids.is_floating_point() or ids.dtype == torch.bool:
            raise TypeError("ids are whole numbers")
        self.check_range(ids)

    def check_range(self, ids):
        if not ids.is_meta and (ids.min() < 0 or ids.max() >= len(self.weight)):
            raise ValueError("no such id")

    def look_up(self, ids):
        return self.weight[ids.long()]

    def stop(self, ids, vectors):
        if self.padding is None:
            return vectors
        return torch.where((ids == self.padding).unsqueeze(-1), vectors.detach(), vectors)

    def forward(self, ids):
        self.check(ids)
        return self.stop(ids, self.look_up(ids))


@embedding.mistake(
    "The table lies on its side: a column for each token.",
    "What shape does the docstring give the table?",
)
class OnItsSide(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        self.weight = nn.Parameter(self.weight.detach().T.clone())


@embedding.mistake(
    "The table is no parameter, so nothing can learn it.",
    "How does an optimiser find the numbers that it shall change?",
)
class NoParameter(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        table = self.weight.detach()
        del self.weight
        self.weight = table


@embedding.mistake(
    "The table is a buffer: it is saved with the model, but nothing can learn it.",
    "Which kind of tensor in a module gets a gradient?",
)
class Buffer(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        table = self.weight.detach()
        del self.weight
        self.register_buffer("weight", table)


@embedding.mistake(
    "The vectors are multiplied by the square root of d_model.",
    "Some models do that after the table. What does this docstring ask for?",
)
class ScaledUp(Steps):
    def look_up(self, ids):
        return super().look_up(ids) * self.weight.shape[1] ** 0.5


@embedding.mistake(
    "The vectors are divided by the square root of d_model.",
    "Should a row come out as it is in the table?",
)
class ScaledDown(Steps):
    def look_up(self, ids):
        return super().look_up(ids) / self.weight.shape[1] ** 0.5


@embedding.mistake(
    "The vectors are scaled to length 1.", "Should a row come out as it is in the table?"
)
class Normalised(Steps):
    def look_up(self, ids):
        return nn.functional.normalize(super().look_up(ids), dim=-1)


@embedding.mistake(
    "It counts the ids from 1, so every token gets its neighbour's row.",
    "Which row belongs to id 0?",
)
class CountsFromOne(Steps):
    def look_up(self, ids):
        return self.weight[ids.long() - 1]


@embedding.mistake(
    "All axes of the ids become one.", "Where in the result does the vector of ids[0, 2] stand?"
)
class Flattened(Steps):
    def forward(self, ids):
        return super().forward(ids.flatten())


@embedding.mistake(
    "The axis of the numbers comes before the positions.", "Which axis of the result is d_model?"
)
class AxesSwapped(Steps):
    def forward(self, ids):
        return super().forward(ids).mT if ids.dim() else super().forward(ids)


@embedding.mistake(
    "The one-hot rows are always float32, which fits no other table.",
    "Whose dtype should the one-hot rows have?",
)
class OneHotSingle(Steps):
    def look_up(self, ids):
        return nn.functional.one_hot(ids.long(), len(self.weight)).float() @ self.weight


@embedding.mistake(
    "The table is detached, so nothing is learned.", "What does .detach() (or .data) cut off?"
)
class Detached(Steps):
    def look_up(self, ids):
        return super().look_up(ids).detach()


# Padding.


@embedding.mistake("The padding is learned like any token.", "What stops the padding's gradient?")
class PaddingLearns(Steps):
    def stop(self, ids, vectors):
        return vectors


@embedding.mistake(
    "The padding comes out as zeros, whatever its row holds.",
    "The table may have been loaded. Which row should the padding get then?",
)
class PaddingZeroed(Steps):
    def stop(self, ids, vectors):
        if self.padding is None:
            return vectors
        return vectors.masked_fill((ids == self.padding).unsqueeze(-1), 0)


@embedding.mistake(
    "All but the padding stop learning.", "Which of the two vectors in your choice is detached?"
)
class OthersStopped(Steps):
    def stop(self, ids, vectors):
        if self.padding is None:
            return vectors
        return torch.where((ids == self.padding).unsqueeze(-1), vectors, vectors.detach())


@embedding.mistake(
    "A padding of 0 counts as no padding.", "What is bool(0)? How do you ask whether one was given?"
)
class ZeroIsNone(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        self.padding = padding or None
        if not padding:
            nn.init.normal_(self.weight)


@embedding.mistake(
    "Token 0 is always the padding, even when there is none.", "What does padding=None mean?"
)
class AlwaysZero(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        self.padding = padding or 0


@embedding.mistake(
    "The padding starts with random numbers.", "What does the docstring say it starts with?"
)
class PaddingStartsRandom(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model, padding)
        nn.init.normal_(self.weight)


@embedding.mistake(
    "Any number is taken for padding, even where the table has no such row.",
    "Which values of padding make no sense?",
)
class PaddingUnchecked(Steps):
    def __init__(self, vocab, d_model, padding=None):
        super().__init__(vocab, d_model)
        self.padding = padding
        if padding is not None:
            self.weight.data[padding : padding + 1] = 0
