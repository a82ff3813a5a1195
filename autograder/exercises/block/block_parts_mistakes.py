"""What goes wrong in Block: its parts, dropout, and what is handed to attention."""

from torch import nn

from autograder.exercises.block.block import block
from autograder.exercises.block.block_steps import Steps
from gradus.dropout import dropout
from gradus.norm import RMSNorm


@block.mistake(
    "Both places share one norm.", "How many weights do two norms have, and how many does yours?"
)
class SharedNorm(Steps):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.feedforward_norm = self.attention_norm


@block.mistake(
    "There is only one norm, and it is used in both places.", "Which parts does the task name?"
)
class OneNorm(Steps):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.norm = self.attention_norm
        del self.attention_norm, self.feedforward_norm


@block.mistake(
    "A norm that is given is used for both places; the second should be a copy.",
    "If one module stands in two places, how many weights are there to learn?",
)
class GivenNormShared(Steps):
    def __init__(self, *args, norm=None, **kwargs):
        super().__init__(*args, norm=norm, **kwargs)
        if norm is not None:
            self.feedforward_norm = norm


@block.mistake("Parts that are given are not used.", "Which arguments does your code never read?")
class GivenIgnored(Steps):
    def __init__(self, *args, attention=None, feedforward=None, norm=None, **kwargs):
        super().__init__(*args, **kwargs)


@block.mistake(
    "The norms are RMSNorms; the task says LayerNorm.", "Which parameters has a LayerNorm?"
)
class WithRmsNorm(Steps):
    def __init__(self, d_model, *args, norm=None, **kwargs):
        norm = RMSNorm(d_model) if norm is None else norm
        super().__init__(d_model, *args, norm=norm, **kwargs)


@block.mistake(
    "The feed-forward layer is 4 times as wide as the stream, whatever d_ff says.",
    "Which argument is never used?",
)
class AlwaysFourTimes(Steps):
    def __init__(self, d_model, heads, d_ff, *args, **kwargs):
        super().__init__(d_model, heads, 4 * d_model, *args, **kwargs)


@block.mistake("Attention has one head, whatever heads says.", "Which argument is never used?")
class OneHead(Steps):
    def __init__(self, d_model, heads, *args, **kwargs):
        super().__init__(d_model, 1, *args, **kwargs)


@block.mistake("heads and d_ff are exchanged.", "In which order do the arguments come?")
class SizesExchanged(Steps):
    def __init__(self, d_model, heads, d_ff, *args, **kwargs):
        heads_fit = d_model % d_ff == 0
        super().__init__(d_model, d_ff if heads_fit else 1, heads, *args, **kwargs)


@block.mistake("The parts have other names than in the task.", "What are the four parts called?")
class OtherNames(Steps):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.attn, self.mlp = self.attention, self.feedforward
        self.ln1, self.ln2 = self.attention_norm, self.feedforward_norm
        del self.attention, self.feedforward, self.attention_norm, self.feedforward_norm


@block.mistake(
    "The parts stand in a plain list, so torch does not know their weights.",
    "Which weights would an optimiser get from block.parameters()?",
)
class PlainList(Steps):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = [self.attention, self.feedforward, self.attention_norm, self.feedforward_norm]
        del self.attention, self.feedforward, self.attention_norm, self.feedforward_norm


# What attention is given.


@block.mistake("The mask is not handed on to attention.", "Where in your forward is `mask`?")
class MaskForgotten(Steps):
    def read(self, x, mask, cache):
        return self.attention(x, cache=cache)


@block.mistake(
    "The mask is turned round before attention gets it.", "What does True mean in this mask?"
)
class MaskTurned(Steps):
    def read(self, x, mask, cache):
        return self.attention(x, mask=None if mask is None else ~mask, cache=cache)


@block.mistake("The cache is not handed on to attention.", "Where in your forward is `cache`?")
class CacheForgotten(Steps):
    def read(self, x, mask, cache):
        return self.attention(x, mask=mask)


@block.mistake(
    "Mask and cache are handed over by place, where attention expects a memory and a mask.",
    "Which arguments does attention take, and in which order?",
)
class MaskAsMemory(Steps):
    def read(self, x, mask, cache):
        return self.attention(x, mask, cache)


@block.mistake(
    "In pre-norm, only the queries are normalised; keys and values come from the raw stream.",
    "What exactly is handed to attention, and as which argument?",
)
class KeysRaw(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.attention(self.attention_norm(x), x, mask, cache))
        return self.add(x, self.work(self.feedforward_norm(x)))


# Dropout.


@block.mistake("Nothing is ever dropped.", "Where in your forward is `dropout`?")
class NeverDropped(Steps):
    def thin(self, change):
        return change


@block.mistake(
    "Numbers are dropped outside of training, too.",
    "How does a module know that it is in training?",
)
class AlwaysDropped(Steps):
    def thin(self, change):
        return dropout(change, self.dropout)


@block.mistake(
    "The stream itself is thinned, not only what is added to it.",
    "If everything were dropped, what should be left of the stream?",
)
class StreamThinned(Steps):
    def add(self, x, change):
        return self.thin(x + change)


@block.mistake(
    "Only what attention adds is thinned, not what the feed-forward layer adds.",
    "How many changes are there to thin?",
)
class AttentionThinnedOnly(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return x + self.work(self.feedforward_norm(x))

    def post(self, x, mask, cache):
        x = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.feedforward_norm(x + self.work(x))


@block.mistake(
    "Only what the feed-forward layer adds is thinned, not what attention adds.",
    "How many changes are there to thin?",
)
class FeedForwardThinnedOnly(Steps):
    def pre(self, x, mask, cache):
        x = x + self.read(self.attention_norm(x), mask, cache)
        return self.add(x, self.work(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        x = self.attention_norm(x + self.read(x, mask, cache))
        return self.feedforward_norm(self.add(x, self.work(x)))


@block.mistake(
    "What the parts read is thinned, not what they give.",
    "Does dropout stand before or after attention?",
)
class InputThinned(Steps):
    def pre(self, x, mask, cache):
        x = x + self.read(self.thin(self.attention_norm(x)), mask, cache)
        return x + self.work(self.thin(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        x = self.attention_norm(x + self.read(self.thin(x), mask, cache))
        return self.feedforward_norm(x + self.work(self.thin(x)))


@block.mistake(
    "An activation stands between the two halves of the block.",
    "What does the task do to the stream besides adding and normalising?",
)
class StreamActivated(Steps):
    def pre(self, x, mask, cache):
        x = nn.functional.gelu(self.add(x, self.read(self.attention_norm(x), mask, cache)))
        return self.add(x, self.work(self.feedforward_norm(x)))
