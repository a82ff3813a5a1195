"""Gpt in steps that can go wrong one by one."""

from gradus.decoder import Gpt
from gradus.mask import causal_mask, combine_masks
from gradus.placing import place


class Steps(Gpt):
    """The decoder in steps that can go wrong one by one."""

    def embed(self, ids):
        return self.tokens(ids)

    def held(self, caches):
        return len(caches[0]) if caches else 0

    def put(self, x, ids, past, padding):
        return x if self.positions is None else place(self.positions, x, past, padding)

    def causal(self, ids, past):
        seq = ids.shape[-1]
        return causal_mask(seq, past + seq, device=ids.device)

    def mask(self, ids, past, padding):
        mask = self.causal(ids, past)
        return mask if padding is None else combine_masks(mask, padding)

    def up(self, x, mask, caches):
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, cache=caches[i] if caches else None)
        return x

    def score(self, x):
        return x @ self.tokens.weight.T if self.head is None else self.head(x)

    def last(self, x):
        return self.score(self.norm(x))

    def forward(self, ids, padding=None, caches=None):
        past = self.held(caches)
        x = self.put(self.embed(ids), ids, past, padding)
        return self.last(self.up(x, self.mask(ids, past, padding), caches))
