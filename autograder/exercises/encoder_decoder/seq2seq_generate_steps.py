"""seq2seq_generate in steps that can go wrong one by one."""

import torch
from torch import cat, full_like

from autograder.exercises.encoder_decoder.seq2seq_generate import seq2seq_generate
from gradus.cache import KVCache


class Writer:
    """Generation in steps that can go wrong one by one."""

    def __init__(self, model, source, start_id, end_id, pad_id, padding):
        self.model, self.source, self.padding = model, source, padding
        self.start_id, self.end_id, self.pad_id = start_id, end_id, pad_id
        self.caches = [KVCache() for _ in model.blocks]

    def encode(self):
        return self.model.encode(self.source, self.padding)

    def logits(self, ids):
        """Those of the next token; `ids` are all tokens so far, the start included."""
        return self.model.decode(ids[:, -1:], self.memory, self.padding, caches=self.caches)[:, -1:]

    def choose(self, logits):
        return logits.argmax(-1)

    def finish(self, token, done):
        """What rows that are done write."""
        return token.masked_fill(done, self.pad_id)

    def ended(self, done, token):
        return done | (token == self.end_id)

    def stop(self, done):
        return bool(done.all())

    def first(self):
        return self.start_id

    def write(self, new):
        with torch.no_grad():
            self.memory = self.encode()
            ids = full_like(self.source[:, :1], self.first())
            done = torch.zeros_like(ids, dtype=torch.bool)
            for _ in range(new):
                token = self.finish(self.choose(self.logits(ids)), done)
                ids = cat([ids, token], 1)
                done = self.ended(done, token)
                if self.stop(done):
                    break
        return self.result(ids)

    def result(self, ids):
        return ids[:, 1:]


def mistake(name, look):
    """Add a writer as a mistake."""

    def add(kind):
        def answer(model, source, new, start_id, end_id, pad_id, source_padding=None):
            if new < 1:
                raise ValueError("nothing to write")
            return kind(model, source, start_id, end_id, pad_id, source_padding).write(new)

        seq2seq_generate.mistake(name, look)(answer)
        return kind

    return add
