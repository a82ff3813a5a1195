"""What goes wrong in seq2seq_generate: what the model is handed, and which token is taken."""

import torch

from autograder.exercises.encoder_decoder.seq2seq_generate import seq2seq_generate
from autograder.exercises.encoder_decoder.seq2seq_generate_steps import Writer, mistake
from gradus.cache import KVCache
from gradus.seq2seq import seq2seq_generate as right


@mistake(
    "The encoder is not told which tokens of the source are padding.",
    "How often do you need `source_padding`?",
)
class EncoderNotTold(Writer):
    def encode(self):
        return self.model.encode(self.source)


@mistake(
    "The decoder is not told which tokens of the source are padding.",
    "How often do you need `source_padding`?",
)
class DecoderNotTold(Writer):
    def logits(self, ids):
        return self.model.decode(ids[:, -1:], self.memory, caches=self.caches)[:, -1:]


@mistake(
    "Nobody is told which tokens of the source are padding.",
    "Where in your code is `source_padding`?",
)
class NobodyTold(DecoderNotTold):
    def encode(self):
        return self.model.encode(self.source)


@mistake(
    "The padding of the source is handed to decode as that of the target.",
    "In which order does `decode` take its arguments?",
)
class AsTargetPadding(Writer):
    def logits(self, ids):
        return self.model.decode(ids[:, -1:], self.memory, None, self.padding, self.caches)[:, -1:]


@mistake(
    "The source is read again at every step.", "Does the memory change while the target is written?"
)
class ReadsAgain(Writer):
    def logits(self, ids):
        self.memory = self.encode()
        return super().logits(ids)


@mistake(
    "It hands over the whole target at every step and uses no caches.",
    "How often is the first token computed when 100 are written?",
)
class NoCaches(Writer):
    def logits(self, ids):
        return self.model.decode(ids, self.memory, self.padding)[:, -1:]


@mistake(
    "It hands over the whole target at every step, although its beginning is in the caches: the "
    "model reads it twice.",
    "After three steps, which tokens are in the caches already?",
)
class ReadTwice(Writer):
    def logits(self, ids):
        return self.model.decode(ids, self.memory, self.padding, caches=self.caches)[:, -1:]


@mistake(
    "It hands over the newest token, but without caches: the model forgets all before it.",
    "How does the model know what it has written?",
)
class Forgets(Writer):
    def logits(self, ids):
        return self.model.decode(ids[:, -1:], self.memory, self.padding)[:, -1:]


@mistake(
    "The caches are made anew at every step, so they are always empty.",
    "Where in your code are the caches made: before the loop, or in it?",
)
class NewCaches(Writer):
    def logits(self, ids):
        self.caches = [KVCache() for _ in self.model.blocks]
        return super().logits(ids)


@mistake(
    "All blocks share one cache.",
    "What is [KVCache()] * 2: two caches, or one that is named twice?",
)
class OneCache(Writer):
    def logits(self, ids):
        self.caches = [self.caches[0]] * len(self.caches)
        return super().logits(ids)


@mistake(
    "The start token is handed over at every step, not the newest token.",
    "Which variable does your loop update?",
)
class AlwaysStart(Writer):
    def logits(self, ids):
        return super().logits(ids[:, :1])


@mistake(
    "It hands over the whole target and reads the logits of the first place.",
    "Which place of the logits tells about the next token?",
)
class FirstPlace(Writer):
    def logits(self, ids):
        return self.model.decode(ids, self.memory, self.padding)[:, :1]


@mistake("It takes the least likely token.", "Is it argmax or argmin?")
class LeastLikely(Writer):
    def choose(self, logits):
        return logits.argmin(-1)


@mistake(
    "Tokens are drawn at random; the task asks for the likeliest.", "Is there a dice in the task?"
)
class Draws(Writer):
    def choose(self, logits):
        return torch.multinomial(logits[:, 0].softmax(-1), 1)


@mistake("All rows get the tokens of the first row.", "Is there an index 0 in your code?")
class FirstRow(Writer):
    def choose(self, logits):
        return logits.argmax(-1)[:1].expand(len(logits), 1)


@mistake(
    "All rows are written from the first row's source.", "Which rows of the memory are handed over?"
)
class FirstMemory(Writer):
    def encode(self):
        return super().encode()[:1].expand(len(self.source), -1, -1)


@seq2seq_generate.mistake("It writes one token too few.", "How often does your loop run?")
def one_too_few(model, source, new, start_id, end_id, pad_id, source_padding=None):
    if new < 1:
        raise ValueError("nothing to write")
    if new == 1:
        return source[:, :0]
    return right(model, source, new - 1, start_id, end_id, pad_id, source_padding)


@seq2seq_generate.mistake(
    "It writes one token too many: up to new + 1.", "How often does your loop run?"
)
def one_too_many(model, source, new, start_id, end_id, pad_id, source_padding=None):
    if new < 1:
        raise ValueError("nothing to write")
    return right(model, source, new + 1, start_id, end_id, pad_id, source_padding)


@seq2seq_generate.mistake(
    "It returns lists of different lengths, not a tensor.", "What does the task say is returned?"
)
def as_lists(model, source, new, start_id, end_id, pad_id, source_padding=None):
    ids = right(model, source, new, start_id, end_id, pad_id, source_padding)
    return [row[: row.index(end_id) + 1 if end_id in row else len(row)] for row in ids.tolist()]


@seq2seq_generate.mistake(
    "A `new` of 0 is not refused.", "What should come out when nothing is to be written?"
)
def writes_nothing(model, source, new, start_id, end_id, pad_id, source_padding=None):
    if new < 1:
        return source[:, :0]
    return right(model, source, new, start_id, end_id, pad_id, source_padding)
