"""What goes wrong in DecoderBlock: the stream, its norms, dropout, and parts that are given."""

from torch import nn

from autograder.exercises.encoder_decoder.decoder_block import decoder_block
from autograder.exercises.encoder_decoder.decoder_block_steps import Steps
from gradus.attention import MultiHeadAttention
from gradus.norm import LayerNorm


def _without_stream(which):
    """Steps in which some parts replace the stream."""

    class NoStream(Steps):
        def pre(self, name, x, *given):
            return super().pre(name, x, *given) - (x if name in which else 0)

        def post(self, name, x, *given):
            if name not in which:
                return super().post(name, x, *given)
            return self.norm(name)(self.thin(self.run(name, x, *given)))

    return NoStream


decoder_block.mistake(
    "Nothing is added to the stream: each part replaces it.", "What does a residual connection add?"
)(_without_stream(Steps.ORDER))
decoder_block.mistake(
    "Self-attention replaces the stream; only the other two add to it.",
    "How many additions does a decoder's block have?",
)(_without_stream(("attention",)))
decoder_block.mistake(
    "Cross-attention replaces the stream: what the decoder had in mind is lost.",
    "How many additions does a decoder's block have?",
)(_without_stream(("cross",)))
decoder_block.mistake(
    "The feed-forward layer replaces the stream; only the attentions add to it.",
    "How many additions does a decoder's block have?",
)(_without_stream(("feedforward",)))


@decoder_block.mistake(
    "Pre-norm adds to the normalised copy, not to the stream itself.",
    "Follow the stream from the bottom to the top: does it pass through a norm?",
)
class FromNormalised(Steps):
    def pre(self, name, x, *given):
        x = self.norm(name)(x)
        return x + self.thin(self.run(name, x, *given))


@decoder_block.mistake(
    "In pre-norm, cross-attention adds to the normalised copy, not to the stream.",
    "Follow the stream from the bottom to the top: does it pass through a norm?",
)
class CrossFromNormalised(Steps):
    def pre(self, name, x, *given):
        y = self.norm(name)(x)
        return (y if name == "cross" else x) + self.thin(self.run(name, y, *given))


@decoder_block.mistake(
    "Every addition is to the x that came in, so what the parts before added is lost.",
    "What is the stream after self-attention has added to it?",
)
class FromInput(Steps):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        y, given = x, (memory, mask, memory_mask, cache)
        for name in self.ORDER:
            if self.pre_norm:
                y = x + self.thin(self.run(name, self.norm(name)(y), *given))
            else:
                y = self.norm(name)(x + self.thin(self.run(name, y, *given)))
        return y


@decoder_block.mistake(
    "It is always post-norm: `pre_norm` has no effect.", "Where in your forward is `pre_norm`?"
)
class AlwaysPost(Steps):
    def pre(self, name, x, *given):
        return self.post(name, x, *given)


@decoder_block.mistake(
    "It is always pre-norm: `pre_norm` has no effect.", "Where in your forward is `pre_norm`?"
)
class AlwaysPre(Steps):
    def post(self, name, x, *given):
        return self.pre(name, x, *given)


@decoder_block.mistake(
    "Pre-norm and post-norm are exchanged.", "Which of the two leaves the stream itself alone?"
)
class Exchanged(Steps):
    def pre(self, name, x, *given):
        return super().post(name, x, *given)

    def post(self, name, x, *given):
        return super().pre(name, x, *given)


@decoder_block.mistake(
    "Cross-attention has no norm.", "How many norms does a decoder's block have?"
)
class CrossWithoutNorm(Steps):
    def norm(self, name):
        return nn.Identity() if name == "cross" else super().norm(name)


@decoder_block.mistake(
    "In post-norm, a part reads the stream before the norm of the part below it.",
    "In post-norm, does the norm stand between self-attention and cross-attention, or beside them?",
)
class ReadsUnnormalised(Steps):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        given, read = (memory, mask, memory_mask, cache), x
        if self.pre_norm:
            return super().forward(x, *given)
        for name in self.ORDER:
            change = self.thin(self.run(name, read, *given))
            read = x + change
            x = self.norm(name)(read)
        return x


@decoder_block.mistake(
    "The memory goes through the norm of this block, too.",
    "Who normalises the encoder's output, if anybody? How often, in a decoder of 12 blocks?",
)
class MemoryNormalised(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        memory = self.cross_norm(memory)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "The norms of cross-attention and the feed-forward layer are exchanged.",
    "Which norm is named after which part?",
)
class NormsExchanged(Steps):
    def norm(self, name):
        other = {"cross": "feedforward", "feedforward": "cross"}
        return super().norm(other.get(name, name))


@decoder_block.mistake(
    "One norm is used at all three places.", "Does each place learn its own weights?"
)
class OneNorm(Steps):
    def norm(self, name):
        return self.attention_norm


@decoder_block.mistake(
    "The norm that is given stands at all three places itself, not as three copies.",
    "If a module stands at three places, how many sets of weights are there?",
)
class NormShared(Steps):
    def __init__(self, d_model, heads, d_ff, pre_norm=True, dropout=0.0, **parts):
        super().__init__(d_model, heads, d_ff, pre_norm, dropout, **parts)
        if parts.get("norm") is not None:
            self.cross_norm = self.feedforward_norm = self.attention_norm


@decoder_block.mistake(
    "The norm that is given is not used: it is always a LayerNorm.",
    "Where in your `__init__` is `norm`?",
)
class NormNotTaken(Steps):
    def __init__(self, d_model, heads, d_ff, pre_norm=True, dropout=0.0, norm=None, **parts):
        super().__init__(d_model, heads, d_ff, pre_norm, dropout, norm=LayerNorm(d_model), **parts)


@decoder_block.mistake(
    "The cross-attention that is given is not used.", "Where in your `__init__` is `cross`?"
)
class CrossNotTaken(Steps):
    def __init__(self, d_model, heads, d_ff, pre_norm=True, dropout=0.0, cross=None, **parts):
        super().__init__(d_model, heads, d_ff, pre_norm, dropout, **parts)
        if cross is not None:
            self.cross = MultiHeadAttention(d_model, heads).to(cross.query.weight.dtype)


@decoder_block.mistake(
    "The attention that is given is used for both, and `cross` is left aside.",
    "How many attentions may be given?",
)
class GivenForBoth(Steps):
    def __init__(self, d_model, heads, d_ff, pre_norm=True, dropout=0.0, **parts):
        super().__init__(d_model, heads, d_ff, pre_norm, dropout, **parts)
        if parts.get("attention") is not None:
            self.cross = parts["attention"]


@decoder_block.mistake(
    "What cross-attention says is never dropped.", "How many things are added to the stream?"
)
class CrossNotThinned(Steps):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        given = memory, mask, memory_mask, cache
        for name in self.ORDER:
            p, self.dropout = self.dropout, 0.0 if name == "cross" else self.dropout
            x = (self.pre if self.pre_norm else self.post)(name, x, *given)
            self.dropout = p
        return x


@decoder_block.mistake("Nothing is dropped in training.", "Where in your forward is `dropout`?")
class NeverThinned(Steps):
    def thin(self, change):
        return change


@decoder_block.mistake(
    "Dropout falls on the stream itself, not on what is added to it.",
    "With p = 1, what should be left of x?",
)
class StreamThinned(Steps):
    def pre(self, name, x, *given):
        return self.thin(x + self.run(name, self.norm(name)(x), *given))

    def post(self, name, x, *given):
        return self.norm(name)(self.thin(x + self.run(name, x, *given)))


@decoder_block.mistake(
    "Numbers are dropped outside of training, too.", "Where in your forward is `self.training`?"
)
class ThinnedAlways(Steps):
    def thin(self, change):
        return nn.functional.dropout(change, self.dropout, True)
