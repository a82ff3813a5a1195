"""What goes wrong in MultiHeadAttention: its projections, its heads for keys, its cache."""

from torch import nn

from autograder.exercises.attention.multi_head_attention import multi_head_attention
from autograder.exercises.attention.multi_head_attention_steps import Steps
from gradus.heads import repeat_kv


@multi_head_attention.mistake(
    "The projections have no biases, whether asked for or not.", "Which argument is never used?"
)
class NeverBias(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads, bias=False)


@multi_head_attention.mistake(
    "The projections have biases, whether asked for or not.", "Which argument is never used?"
)
class AlwaysBias(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads)


@multi_head_attention.mistake(
    "The out projection has no bias.", "How many of the four projections have a bias?"
)
class OutWithoutBias(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads, bias)
        self.out = nn.Linear(self.out.in_features, d_model, bias=False)


@multi_head_attention.mistake(
    "The width of a head is always d_model / heads, whatever d_head says.",
    "Which argument is never used?",
)
class WidthIgnored(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        width = heads * (d_model // heads) if d_head else d_model
        super().__init__(width, heads, None, kv_heads, bias)


@multi_head_attention.mistake(
    "Every head is as wide as the whole model.",
    "How wide is one head when d_model is shared out among them?",
)
class FullWidth(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head or d_model, kv_heads, bias)


@multi_head_attention.mistake(
    "Keys and values always get as many heads as the queries, whatever kv_heads says.",
    "Which argument is never used?",
)
class KvHeadsIgnored(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, None, bias)


@multi_head_attention.mistake(
    "One projection makes queries, keys and values; the task names three.",
    "What are the projections called in the docstring?",
)
class Fused(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads, bias)
        inner = self.query.out_features + 2 * self.key.out_features
        self.qkv = nn.Linear(d_model, inner, bias=bias)
        del self.query, self.key, self.value


@multi_head_attention.mistake(
    "The projections stand in a plain list, so torch does not know their weights.",
    "Which weights would an optimiser get from list(layer.parameters())?",
)
class PlainList(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads, bias)
        self.layers = [self.query, self.key, self.value, self.out]
        del self.query, self.key, self.value, self.out


@multi_head_attention.mistake("There is no out projection.", "What mixes what the heads have read?")
class NoOut(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head, kv_heads, bias)
        self.out = nn.Identity()


@multi_head_attention.mistake(
    "A d_model that heads does not divide is accepted.",
    "What does the docstring say should be refused?",
)
class UnevenAccepted(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        super().__init__(d_model, heads, d_head or d_model // heads, kv_heads, bias)


@multi_head_attention.mistake(
    "A kv_heads that does not divide heads is accepted.",
    "What does the docstring say should be refused?",
)
class UnevenGroups(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        uneven = kv_heads is not None and heads % kv_heads != 0
        super().__init__(d_model, heads, d_head, None if uneven else kv_heads, bias)


@multi_head_attention.mistake(
    "What does not divide is refused with an AssertionError, not a ValueError.",
    "Which kind of error does the docstring promise?",
)
class Asserts(Steps):
    def __init__(self, d_model, heads, d_head=None, kv_heads=None, bias=True):
        try:
            super().__init__(d_model, heads, d_head, kv_heads, bias)
        except ValueError as error:
            raise AssertionError from error


@multi_head_attention.mistake(
    "The heads of keys and values come round again in turn; neighbours should share one.",
    "Do query heads 0 and 1 read the same head of keys?",
)
class SharedInTurn(Steps):
    def share(self, x):
        return x.repeat(1, self.heads // self.kv_heads, 1, 1)


@multi_head_attention.mistake(
    "Keys and values are cut into as many heads as the queries.",
    "How many heads do keys and values have when kv_heads is given?",
)
class CutLikeQueries(Steps):
    def split(self, x, heads):
        return super().split(x, self.heads)

    def share(self, x):
        return x


@multi_head_attention.mistake(
    "The heads of keys and values are repeated kv_heads times.",
    "With 4 heads and kv_heads=2, how many query heads share one? And with kv_heads=1?",
)
class RepeatedKvHeadsTimes(Steps):
    def share(self, x):
        return repeat_kv(x, self.kv_heads)


@multi_head_attention.mistake(
    "The heads of keys and values are never repeated.",
    "With 4 heads and kv_heads=2, which keys does query head 3 read?",
)
class NeverRepeated(Steps):
    def share(self, x):
        return x


@multi_head_attention.mistake(
    "The keys are shared among neighbours, but the values in turn.",
    "Do query heads 0 and 1 read the same head of values?",
)
class ValuesInTurn(Steps):
    def read(self, q, k, v, mask):
        groups = self.heads // self.kv_heads
        return super().read(q, k, v[:, ::groups].repeat(1, groups, 1, 1), mask)


@multi_head_attention.mistake("The cache is never used.", "Where does your code use the cache?")
class CacheIgnored(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        if cache is not None and mask is not None:
            mask = mask[..., -x.shape[1] :]
        return super().forward(x, memory, mask)


@multi_head_attention.mistake(
    "A cache that is still empty is not used, so it is never filled.",
    "What is bool(cache) when the cache holds 0 positions? How do you ask whether one was given?",
)
class EmptyCacheIgnored(Steps):
    def remember(self, k, v, cache):
        return cache.update(k, v) if cache else (k, v)


@multi_head_attention.mistake(
    "The cache is updated, but the layer goes on with the new keys and values alone.",
    "What does cache.update return, and what happens to it in your code?",
)
class UpdateUnused(Steps):
    def remember(self, k, v, cache):
        super().remember(k, v, cache)
        return k, v


@multi_head_attention.mistake(
    "Keys and values are handed to the cache in the wrong order.",
    "In which order does cache.update take and return them?",
)
class CacheSwapped(Steps):
    def remember(self, k, v, cache):
        return (k, v) if cache is None else cache.update(v, k)


@multi_head_attention.mistake(
    "Only the keys of the cache are used.", "What should a query read at an old position?"
)
class OldKeysOnly(Steps):
    def remember(self, k, v, cache):
        if cache is None:
            return k, v
        keys, _ = cache.update(k, v)
        return keys, v


@multi_head_attention.mistake(
    "The cache gets the heads after they were repeated; it holds them once.",
    "What would be saved by sharing heads if the cache held every copy?",
)
class CachedAfterSharing(Steps):
    def remember(self, k, v, cache):
        groups = self.heads // self.kv_heads
        k, v = repeat_kv(k, groups), repeat_kv(v, groups)
        return (k, v) if cache is None else cache.update(k, v)

    def share(self, x):
        return x


@multi_head_attention.mistake(
    "The keys and values go to the cache before they are split into heads.",
    "Which shape does cache.update take?",
)
class CachedUnsplit(Steps):
    def forward(self, x, memory=None, mask=None, cache=None):
        if cache is not None:
            cache.update(self.key(x), self.value(x))
        return super().forward(x, memory, mask)
