"""MultiHeadAttention in steps that can go wrong one by one."""

from gradus.attention import MultiHeadAttention, attend
from gradus.heads import merge_heads, repeat_kv, split_heads


class Steps(MultiHeadAttention):
    """The layer in steps that can go wrong one by one."""

    def sources(self, x, memory):
        """What queries, keys and values are made from."""
        source = x if memory is None else memory
        return x, source, source

    def project(self, x, keys, values):
        return self.query(x), self.key(keys), self.value(values)

    def split(self, x, heads):
        return split_heads(x, heads)

    def remember(self, k, v, cache):
        return (k, v) if cache is None else cache.update(k, v)

    def share(self, x):
        return repeat_kv(x, self.heads // self.kv_heads)

    def read(self, q, k, v, mask):
        return attend(q, k, v, mask)[0]

    def finish(self, mixed):
        return self.out(merge_heads(mixed))

    def forward(self, x, memory=None, mask=None, cache=None):
        q, k, v = self.project(*self.sources(x, memory))
        q, k, v = (
            self.split(q, self.heads),
            self.split(k, self.kv_heads),
            self.split(v, self.kv_heads),
        )
        k, v = self.remember(k, v, cache)
        return self.finish(self.read(q, self.share(k), self.share(v), mask))
