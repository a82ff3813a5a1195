"""What goes wrong in EncoderDecoder: its parts, its stream, and the caches."""

from torch import nn

from autograder.exercises.encoder_decoder.encoder_decoder import encoder_decoder
from autograder.exercises.encoder_decoder.encoder_decoder_steps import Steps


@encoder_decoder.mistake(
    "The target is shifted to the right once more.",
    "The task says what `target` is: has it been shifted already?",
)
class ShiftedTwice(Steps):
    def forward(self, source, target, source_padding=None, target_padding=None):
        return super().forward(source, target.roll(1, 1), source_padding, target_padding)


@encoder_decoder.mistake(
    "The blocks read the decoder's own stream instead of the memory.",
    "What did the encoder work for?",
)
class MemoryIsStream(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        return super().run(i, x, x, mask, None, cache)


@encoder_decoder.mistake(
    "Each block reads what the block below it has written, in the place of the memory; only the "
    "first reads the memory.",
    "What is the second argument of the second block?",
)
class MemoryReplaced(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        if i == 0:
            return super().run(i, x, memory, mask, memory_mask, cache)
        return super().run(i, x, x, mask, None, cache)


@encoder_decoder.mistake(
    "Every block gets the same embedding, not the output of the block below it.",
    "Which variable does your loop update?",
)
class NotStacked(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        if i == 0:
            self.first = x
        return super().run(i, self.first, memory, mask, memory_mask, cache)


@encoder_decoder.mistake(
    "The memory is cut off from the gradient: the encoder would never learn.",
    "Is there a detach, or a no_grad, around the encoder?",
)
class MemoryDetached(Steps):
    def encode(self, ids, padding=None):
        return self.encoder(ids, padding).detach()


@encoder_decoder.mistake(
    "The norm after the last block is left out.", "Where in your decode is `self.norm`?"
)
class NoNorm(Steps):
    def end(self, x):
        return x @ self.tokens.weight.mT if self.head is None else self.head(x)


@encoder_decoder.mistake(
    "The norm comes before the blocks, not after them.", "After what should the norm stand?"
)
class NormFirst(Steps):
    def start(self, ids, past):
        x = super().start(ids, past)
        return x if self.norm is None else self.norm(x)

    def end(self, x):
        return x @ self.tokens.weight.mT if self.head is None else self.head(x)


@encoder_decoder.mistake(
    "The decoder's norm is used for the encoder's output as well.",
    "To which half does `self.norm` belong?",
)
class NormOnMemory(Steps):
    def encode(self, ids, padding=None):
        memory = self.encoder(ids, padding)
        return memory if self.norm is None else self.norm(memory)


@encoder_decoder.mistake(
    "A model without a norm, or without positions, breaks.",
    "What is self.norm when none was given?",
)
class AllNeeded(Steps):
    def start(self, ids, past):
        return self.positions(self.tokens(ids), past)

    def end(self, x):
        x = self.norm(x)
        return x @ self.tokens.weight.mT if self.head is None else self.head(x)


@encoder_decoder.mistake(
    "The decoder has no positions.", "Where in your decode is `self.positions`?"
)
class NoPositions(Steps):
    def start(self, ids, past):
        return self.tokens(ids)


@encoder_decoder.mistake(
    "With caches, new tokens are numbered from 0 again.",
    "Three positions wait in the cache. Which number has the next token?",
)
class FromZero(Steps):
    def start(self, ids, past):
        return super().start(ids, 0)


@encoder_decoder.mistake(
    "The vectors of the words are multiplied by the root of d_model, which is not asked here.",
    "The original Transformer does that. Does the task?",
)
class Scaled(Steps):
    def start(self, ids, past):
        x = self.tokens(ids) * self.tokens.weight.shape[1] ** 0.5
        return x if self.positions is None else self.positions(x, past)


@encoder_decoder.mistake(
    "The stream is divided by the root of d_model before the logits, which is not asked here.",
    "T5 does that. Does the task?",
)
class Rescaled(Steps):
    def end(self, x):
        logits = super().end(x)
        return logits if self.head is not None else logits / self.tokens.weight.shape[1] ** 0.5


@encoder_decoder.mistake(
    "The head is never used: logits always come from the table of tokens.",
    "Where in your decode is `self.head`?",
)
class HeadIgnored(Steps):
    def end(self, x):
        x = x if self.norm is None else self.norm(x)
        return x @ self.tokens.weight.mT


@encoder_decoder.mistake(
    "Without a head it returns the stream, not logits.",
    "How many numbers should there be for each position?",
)
class StreamReturned(Steps):
    def end(self, x):
        x = x if self.norm is None else self.norm(x)
        return x if self.head is None else self.head(x)


@encoder_decoder.mistake(
    "It returns probabilities, not logits.", "Who applies the softmax: the model, or the loss?"
)
class Probabilities(Steps):
    def end(self, x):
        return super().end(x).softmax(-1)


@encoder_decoder.mistake(
    "All blocks share the first cache.", "How many caches are there, and for whom?"
)
class FirstCache(Steps):
    def decode(self, ids, memory, memory_padding=None, padding=None, caches=None):
        caches = None if caches is None else [caches[0]] * len(caches)
        return super().decode(ids, memory, memory_padding, padding, caches)


@encoder_decoder.mistake(
    "The caches are not handed to the blocks.", "Where in your loop over the blocks are `caches`?"
)
class CachesIgnored(Steps):
    def decode(self, ids, memory, memory_padding=None, padding=None, caches=None):
        if padding is not None:
            padding = padding[:, -ids.shape[1] :]
        past = 0 if caches is None else len(caches[0])
        mask = self.mask(ids, 0, padding)
        memory_mask = None if memory_padding is None else memory_padding[:, None, None, :]
        x = self.start(ids, past)
        for i in range(len(self.blocks)):
            x = self.run(i, x, memory, mask, memory_mask, None)
        return self.end(x)


@encoder_decoder.mistake("Only the first block is run.", "Is there a loop over the blocks?")
class OneBlock(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        return super().run(i, x, memory, mask, memory_mask, cache) if i == 0 else x


@encoder_decoder.mistake(
    "The blocks are kept in a plain list: their weights are not part of the model.",
    "What does nn.ModuleList do that a list does not?",
)
class PlainList(Steps):
    def __init__(self, encoder, tokens, blocks, norm=None, positions=None, head=None):
        nn.Module.__init__(self)
        self.encoder, self.tokens, self.blocks = encoder, tokens, list(blocks)
        self.norm, self.positions, self.head = norm, positions, head
