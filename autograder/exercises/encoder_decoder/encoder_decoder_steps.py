"""EncoderDecoder in steps that can go wrong one by one."""

from gradus.encoder_decoder import EncoderDecoder
from gradus.mask import causal_mask, combine_masks


class Steps(EncoderDecoder):
    """The model in steps that can go wrong one by one."""

    def start(self, ids, past):
        x = self.tokens(ids)
        return x if self.positions is None else self.positions(x, past)

    def mask(self, ids, past, padding):
        mask = causal_mask(ids.shape[1], past + ids.shape[1], device=ids.device)
        return mask if padding is None else combine_masks(mask, padding)

    def run(self, i, x, memory, mask, memory_mask, cache):
        return self.blocks[i](x, memory, mask=mask, memory_mask=memory_mask, cache=cache)

    def end(self, x):
        x = x if self.norm is None else self.norm(x)
        return x @ self.tokens.weight.mT if self.head is None else self.head(x)

    def decode(self, ids, memory, memory_padding=None, padding=None, caches=None):
        past = 0 if caches is None else len(caches[0])
        x, mask = self.start(ids, past), self.mask(ids, past, padding)
        memory_mask = None if memory_padding is None else memory_padding[:, None, None, :]
        for i in range(len(self.blocks)):
            x = self.run(i, x, memory, mask, memory_mask, None if caches is None else caches[i])
        return self.end(x)
