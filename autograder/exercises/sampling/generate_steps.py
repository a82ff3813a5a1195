"""Generation in steps that can go wrong one by one, for the mistakes of generate."""

import torch
from torch import cat, no_grad

from gradus.cache import KVCache
from gradus.penalty import repetition_penalty
from gradus.sampling import apply_temperature, greedy, sample


class Writer:
    """The right way, step by step."""

    grades = False

    def __init__(
        self, model, ids, new, padding=None, eos=None, temperature=1.0, keep=None, context=None,
        cached=True, generator=None, penalty=1.0,
    ):  # fmt: skip
        self.model, self.ids, self.new, self.padding, self.eos = model, ids, new, padding, eos
        self.temperature, self.keep, self.context = temperature, keep, context
        self.cached, self.generator, self.penalty = cached, generator, penalty
        self.text, self.real, self.step, self.read = ids, padding, 0, 0

    def check(self):
        if not self.ids.shape[1]:
            raise ValueError("there is no token to begin with")
        if self.padding is not None and not self.padding[:, -1].all():
            raise ValueError("padding must be on the left")
        if self.temperature < 0 or (self.context is not None and self.context < 1):
            raise ValueError("temperature or context makes no sense")

    def first(self):
        """The first position that is read."""
        return 0 if self.context is None else max(0, self.text.shape[1] - self.context)

    def window(self):
        return self.text[:, self.first() :]

    def seen(self):
        """The padding of what is read, the caches included."""
        return None if self.real is None else self.real[:, self.first() :]

    def fresh(self):
        return self.step == 0 or self.first() > 0

    def empty(self):
        return [KVCache() for _ in self.model.blocks]

    def unread(self):
        return self.text[:, self.read :]

    def read_on(self):
        """All logits that the model gives now."""
        if self.cached:
            if self.fresh():
                self.caches, self.read = self.empty(), self.first()
            logits = self.model(self.unread(), self.seen(), self.caches)
            self.read = self.text.shape[1]
            return logits
        seen = self.seen()
        return self.model(self.window()) if seen is None else self.model(self.window(), seen)

    def last(self, logits):
        return logits[:, -1]

    def penalise(self, logits):
        return repetition_penalty(logits, self.text, self.penalty, self.real)

    def warm(self, logits):
        return apply_temperature(logits, self.temperature) if self.temperature > 0 else logits

    def filter(self, logits):
        return logits if self.keep is None else self.keep(logits)

    def change(self, logits):
        return self.filter(self.warm(self.penalise(logits)))

    def choose(self, logits):
        return sample(logits, self.generator) if self.temperature > 0 else greedy(logits)

    def finish(self, token):
        """What texts write that are finished."""
        return token if self.eos is None else token.masked_fill(self.done, self.eos)

    def note(self, token):
        return self.done if self.eos is None else self.done | (token == self.eos)

    def stop(self):
        return bool(self.done.all())

    def began(self):
        return torch.zeros_like(self.ids[:, 0], dtype=torch.bool)

    def grow(self):
        """The padding, one token longer."""
        return None if self.real is None else cat([self.real, torch.ones_like(self.real[:, :1])], 1)

    def begin(self):
        self.mode = self.model.training
        self.model.eval()

    def end(self):
        self.model.train(self.mode)

    def steps(self):
        return range(self.new)

    def write(self):
        self.check()
        self.begin()
        self.done = self.began()
        with torch.enable_grad() if self.grades else no_grad():
            for step in self.steps():
                self.step = step
                token = self.finish(self.choose(self.change(self.last(self.read_on()))))
                self.done = self.note(token)
                self.text = cat([self.text, token[:, None]], 1)
                self.real = self.grow()
                if self.stop():
                    break
        self.end()
        return self.result()

    def result(self):
        return self.text
