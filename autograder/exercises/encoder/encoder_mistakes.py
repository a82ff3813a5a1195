"""What goes wrong in Encoder: its parts, and the order in which they come."""

from copy import deepcopy

import torch

from autograder.exercises.encoder.encoder import encoder
from autograder.exercises.encoder.encoder_mask_mistakes import Steps
from gradus.encoder import Encoder


@encoder.mistake(
    "The blocks come in reverse order.", "Which block is nearest to the words: the first or last?"
)
class Reversed(Steps):
    def climb(self, x, mask):
        for block in reversed(self.blocks):
            x = block(x, mask=mask)
        return x


@encoder.mistake("Only the first block is used.", "Is there a return inside of the loop?")
class FirstBlock(Steps):
    def climb(self, x, mask):
        for block in self.blocks:
            return block(x, mask=mask)
        return x


@encoder.mistake(
    "The first block is used again and again in the place of the others.",
    "Which block does your loop call?",
)
class SameBlock(Steps):
    def climb(self, x, mask):
        for _ in self.blocks:
            x = self.blocks[0](x, mask=mask)
        return x


@encoder.mistake(
    "Every block reads the embedding; only what the last one says is kept.",
    "What does the second block read?",
)
class NotChained(Steps):
    def climb(self, x, mask):
        stream = x
        for block in self.blocks:
            stream = block(x, mask=mask)
        return stream


@encoder.mistake(
    "What the blocks return is thrown away: the embedding comes out.",
    "Where does the stream go that a block returns?",
)
class ThrownAway(Steps):
    def climb(self, x, mask):
        for block in self.blocks:
            block(x, mask=mask)
        return x


@encoder.mistake("The last block is left out.", "How many blocks does your loop run through?")
class LastLeftOut(Steps):
    def climb(self, x, mask):
        for block in self.blocks[:-1]:
            x = block(x, mask=mask)
        return x


@encoder.mistake(
    "The stream is added again around each block.", "Which part of a block adds to the stream?"
)
class AddedAgain(Steps):
    def climb(self, x, mask):
        for block in self.blocks:
            x = x + block(x, mask=mask)
        return x


@encoder.mistake("The norm at the end is missing.", "Where in forward is your norm?")
class NoNorm(Steps):
    def end(self, x, padding):
        return x


@encoder.mistake(
    "The norm stands before the blocks, not behind them.", "Where does the docstring put the norm?"
)
class NormFirst(Steps):
    def climb(self, x, mask):
        return super().climb(x if self.norm is None else self.norm(x), mask)

    def end(self, x, padding):
        return x


@encoder.mistake(
    "The norm follows every block, not only the last one.", "Is your norm inside of the loop?"
)
class NormEachTime(Steps):
    def climb(self, x, mask):
        for block in self.blocks:
            x = super().end(block(x, mask=mask), None)
        return x

    def end(self, x, padding):
        return x if len(self.blocks) else super().end(x, padding)


@encoder.mistake(
    "A norm is taken for granted; there may be none.", "What is self.norm when none is given?"
)
class AlwaysNorm(Steps):
    def end(self, x, padding):
        return self.norm(x)


@encoder.mistake("The types are not handed on.", "Which argument does your forward never read?")
class TypesDropped(Steps):
    def begin(self, ids, types):
        return self.embedding(ids)


@encoder.mistake(
    "The embedding is always given types, even if there are none.",
    "What does an embedding do that takes ids and nothing else?",
)
class TypesAlways(Steps):
    def begin(self, ids, types):
        return self.embedding(ids, types)


@encoder.mistake(
    "Where there are no types, the embedding is given zeros.",
    "What does an embedding do that takes ids and nothing else?",
)
class ZeroTypes(Steps):
    def begin(self, ids, types):
        return self.embedding(ids, torch.zeros_like(ids) if types is None else types)


@encoder.mistake(
    "Padding and types are confused: the types are used as padding, the padding as types.",
    "In which order do the arguments come?",
)
class Swapped(Steps):
    def forward(self, ids, padding=None, types=None):
        types, padding = padding, None if types is None else types.bool()
        return super().forward(ids, padding, None if types is None else types.long())


@encoder.mistake(
    "Only the vector of the first token comes out.", "How many vectors does the docstring return?"
)
class FirstToken(Steps):
    def end(self, x, padding):
        return super().end(x, padding)[:, 0]


@encoder.mistake(
    "The mean of the positions comes out.", "How many vectors does the docstring return?"
)
class Pooled(Steps):
    def end(self, x, padding):
        return super().end(x, padding).mean(1)


@encoder.mistake(
    "The streams above all blocks come out, as a list.", "How many streams does it return?"
)
class AllStreams(Steps):
    def forward(self, ids, padding=None, types=None):
        streams = [self.begin(ids, types)]
        for block in self.blocks:
            streams.append(block(streams[-1], mask=self.mask(ids, padding)))
        return [*streams[:-1], self.end(streams[-1], padding)]


@encoder.mistake(
    "The blocks are kept in a plain list, so no optimiser finds their weights.",
    "What must hold the modules so that `parameters()` finds them?",
)
class PlainList(Encoder):
    def __init__(self, embedding, blocks, norm=None):
        super().__init__(embedding, [], norm)
        del self.blocks
        self.blocks = list(blocks)


@encoder.mistake(
    "The blocks are copied; those that were given never learn.",
    "Is the block in your list the one that was given?",
)
class Copied(Encoder):
    def __init__(self, embedding, blocks, norm=None):
        super().__init__(embedding, [deepcopy(block) for block in blocks], norm)


@encoder.mistake(
    "The embedding gets no gradient.", "Is there a detach, no_grad or .data behind the embedding?"
)
class FrozenEmbedding(Steps):
    def begin(self, ids, types):
        return super().begin(ids, types).detach()
