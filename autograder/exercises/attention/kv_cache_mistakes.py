"""What goes wrong when a KVCache is updated."""

import torch

from autograder.exercises.attention.kv_cache import append, kv_cache
from gradus.cache import KVCache


@kv_cache.mistake(
    "Each update throws away what was there before.",
    "After a prompt of 5 and one more token, how many keys should come back?",
)
class Overwrites(KVCache):
    def update(self, keys, values):
        self.keys, self.values = keys, values
        return keys, values


@kv_cache.mistake(
    "Everything is kept, but only the new positions are returned.",
    "Which keys should the new token be able to read?",
)
class ReturnsNew(KVCache):
    def update(self, keys, values):
        super().update(keys, values)
        return keys, values


@kv_cache.mistake(
    "What was there before the update is returned, without the new positions.",
    "May a token read itself?",
)
class ReturnsOld(KVCache):
    def update(self, keys, values):
        old = self.keys, self.values
        super().update(keys, values)
        return (keys, values) if old[0] is None else old


@kv_cache.mistake(
    "New positions are put along the axis of the heads.",
    "Which axis counts positions: batch, heads, seq, d_head?",
)
class AlongHeads(KVCache):
    def update(self, keys, values):
        self.keys, self.values = append(self.keys, keys, 1), append(self.values, values, 1)
        return self.keys, self.values


@kv_cache.mistake(
    "New positions are put along the batch.",
    "Which axis counts positions: batch, heads, seq, d_head?",
)
class AlongBatch(KVCache):
    def update(self, keys, values):
        self.keys, self.values = append(self.keys, keys, 0), append(self.values, values, 0)
        return self.keys, self.values


@kv_cache.mistake(
    "New positions are put along the width of the heads.",
    "Which axis counts positions: batch, heads, seq, d_head?",
)
class AlongWidth(KVCache):
    def update(self, keys, values):
        self.keys, self.values = append(self.keys, keys, -1), append(self.values, values, -1)
        return self.keys, self.values


@kv_cache.mistake(
    "The updates are stacked along a new axis instead of joined.",
    "How many axes should the keys have after two updates?",
)
class Stacks(KVCache):
    def update(self, keys, values):
        self.keys, self.values = (
            append(self.keys, keys[None], 0),
            append(self.values, values[None], 0),
        )
        return self.keys, self.values


@kv_cache.mistake(
    "The newest positions come first.", "In which order does the docstring want them?"
)
class NewestFirst(KVCache):
    def update(self, keys, values):
        if self.keys is not None:
            keys = torch.cat([keys, self.keys], dim=-2)
            values = torch.cat([values, self.values], dim=-2)
        self.keys, self.values = keys, values
        return keys, values


@kv_cache.mistake(
    "The first positions are held twice.",
    "What does an empty cache hold after it was given 5 positions?",
)
class DoublesFirst(KVCache):
    def update(self, keys, values):
        if self.keys is None:
            self.keys, self.values = keys, values
        return super().update(keys, values)


@kv_cache.mistake(
    "Of every update only the last position is kept.",
    "A prompt comes in one update. How many positions does it have?",
)
class LastOnly(KVCache):
    def update(self, keys, values):
        return super().update(keys[..., -1:, :], values[..., -1:, :])


@kv_cache.mistake(
    "The keys are appended, but the values are replaced.",
    "After two updates, are there as many values as keys?",
)
class ValuesReplaced(KVCache):
    def update(self, keys, values):
        self.keys, self.values = append(self.keys, keys), values
        return self.keys, self.values


@kv_cache.mistake(
    "Keys and values are returned in the wrong order.", "Which of the two comes first?"
)
class ValuesFirst(KVCache):
    def update(self, keys, values):
        return super().update(keys, values)[::-1]


@kv_cache.mistake(
    "The keys are appended twice, once of them in place of the values.",
    "Which name do you append to self.values?",
)
class KeysTwice(KVCache):
    def update(self, keys, values):
        return super().update(keys, keys)


@kv_cache.mistake(
    "update returns nothing.", "What should the attention layer go on with after an update?"
)
class ReturnsNothing(KVCache):
    def update(self, keys, values):
        super().update(keys, values)


@kv_cache.mistake(
    "Only the latest positions are kept; older ones are pushed out.",
    "Does the docstring let the cache forget anything before a reset?",
)
class Window(KVCache):
    def update(self, keys, values):
        super().update(keys, values)
        self.keys, self.values = self.keys[..., -4:, :], self.values[..., -4:, :]
        return self.keys, self.values
