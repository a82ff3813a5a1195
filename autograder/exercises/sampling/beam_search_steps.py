"""Beam search in steps that can go wrong one by one, for the mistakes of beam_search."""

import torch
from torch import cat, zeros


class Search:
    """The right way, in steps that can go wrong one by one."""

    def __init__(self, model, ids, new, beams, eos=None, alpha=1.0):
        self.model, self.ids, self.new, self.beams = model, ids, new, beams
        self.eos, self.alpha, self.length = eos, alpha, 0

    def check(self):
        if not len(self.ids) or self.new < 1 or self.beams < 1:
            raise ValueError("there is nothing to search")

    def begin(self):
        return self.ids[None], zeros(1, device=self.ids.device)

    def logs(self, logits):
        return logits.log_softmax(-1)

    def totals(self, mass, logs):
        return mass[:, None] + logs

    def rank(self, totals):
        return totals.flatten().argsort(dim=-1, descending=True, stable=True)

    def extend(self, texts, rows, tokens):
        return cat([texts[rows], tokens[:, None]], 1)

    def ends(self, tokens):
        return torch.zeros_like(tokens).bool() if self.eos is None else tokens == self.eos

    def ended(self, ends):
        """The ranks of the texts that are finished now."""
        return ends[: self.beams].nonzero().flatten().tolist()

    def go_on(self, ends):
        """The ranks of the texts that are continued."""
        return (~ends).nonzero().flatten()[: self.beams]

    def worth(self, mass, text):
        return mass / self.length**self.alpha

    def over(self, finished):
        return len(finished) >= self.beams

    def left(self, finished, texts, mass):
        """What of the unfinished texts counts at the end."""
        return [(text, self.worth(one, text)) for text, one in zip(texts, mass, strict=True)]

    def choose(self, finished):
        return max(finished, key=lambda found: found[1].item())

    def read(self, texts):
        return self.model(texts)[:, -1]

    def write(self):
        self.check()
        texts, mass = self.begin()
        finished = []
        for length in range(1, self.new + 1):
            self.length = length
            with torch.no_grad():
                totals = self.totals(mass, self.logs(self.read(texts)))
            vocab = totals.shape[-1]
            best = self.rank(totals)[: 2 * self.beams]
            texts = self.extend(texts, best // vocab, best % vocab)
            mass = totals.flatten()[best]
            ends = self.ends(best % vocab)
            finished += [(texts[i], self.worth(mass[i], texts[i])) for i in self.ended(ends)]
            on = self.go_on(ends)
            texts, mass = texts[on], mass[on]
            if length == self.new or not len(texts):
                finished += self.left(finished, texts, mass)
            if self.over(finished) or not len(texts):
                break
        return self.result(*self.choose(finished))

    def result(self, text, score):
        return text, score
