"""What goes wrong in a KVCache besides update: its reset, its length, its memory."""

import torch

from autograder.exercises.attention.kv_cache import append, kv_cache
from gradus.cache import KVCache


@kv_cache.mistake("reset does nothing.", "What should a new text find in the cache?")
class NeverForgets(KVCache):
    def reset(self):
        pass


@kv_cache.mistake(
    "reset forgets the keys but keeps the values.",
    "After a reset and an update, are there as many values as keys?",
)
class KeepsValues(KVCache):
    def update(self, keys, values):
        self.keys, self.values = append(self.keys, keys), append(self.values, values)
        return self.keys, self.values

    def reset(self):
        self.keys = None


@kv_cache.mistake(
    "reset fills the cache with zeros instead of emptying it.",
    "How many positions does a cache of zeros hold?",
)
class Zeroes(KVCache):
    def reset(self):
        self.keys, self.values = torch.zeros_like(self.keys), torch.zeros_like(self.values)


@kv_cache.mistake(
    "All caches share one memory, because it belongs to the class and not to the object.",
    "Make two caches and update the first. What does the second hold?",
)
class Shared(KVCache):
    memory: list[tuple[torch.Tensor, torch.Tensor]] = []

    def __init__(self):
        pass

    def update(self, keys, values):
        self.memory.append((keys, values))
        return tuple(torch.cat(parts, dim=-2) for parts in zip(*self.memory, strict=True))

    def reset(self):
        self.memory.clear()

    def __len__(self):
        return sum(keys.shape[-2] for keys, _ in self.memory)


@kv_cache.mistake(
    "len counts the updates, not the positions.",
    "What is len after one update with a prompt of 5?",
)
class CountsUpdates(KVCache):
    def __init__(self):
        super().__init__()
        self.updates = 0

    def update(self, keys, values):
        self.updates += 1
        return super().update(keys, values)

    def reset(self):
        super().reset()
        self.updates = 0

    def __len__(self):
        return self.updates


@kv_cache.mistake(
    "len counts the texts of the batch, not the positions.", "What does len of a tensor count?"
)
class CountsBatch(KVCache):
    def __len__(self):
        return 0 if self.keys is None else len(self.keys)


@kv_cache.mistake("len counts the heads, not the positions.", "Which axis counts positions?")
class CountsHeads(KVCache):
    def __len__(self):
        return 0 if self.keys is None else self.keys.shape[1]


@kv_cache.mistake("len fails when the cache is new.", "What does a new cache hold in self.keys?")
class LengthOfNothing(KVCache):
    def __len__(self):
        return self.keys.shape[-2]


@kv_cache.mistake(
    "len is still right for the text before after a reset.",
    "Which of the things that the cache remembers does reset put back?",
)
class LengthNotReset(KVCache):
    def __init__(self):
        super().__init__()
        self.length = 0

    def update(self, keys, values):
        self.length += keys.shape[-2]
        return super().update(keys, values)

    def __len__(self):
        return self.length


@kv_cache.mistake(
    "What is kept is rounded to half precision.", "Does the docstring let the numbers change?"
)
class Halves(KVCache):
    def update(self, keys, values):
        kept = super().update(keys.half(), values.half())
        return tuple(part.to(keys.dtype) for part in kept)


@kv_cache.mistake(
    "The room for positions is made in float32, whatever is stored.",
    "What dtype does torch.zeros have when none is said?",
)
class Float32Room(KVCache):
    def update(self, keys, values):
        room = [torch.zeros(*t.shape, device=t.device) for t in (keys, values)]
        return super().update(room[0] + keys.float(), room[1] + values.float())
