"""What goes wrong in DecoderBlock: who reads what, and in which order."""

from autograder.exercises.encoder_decoder.decoder_block import decoder_block
from autograder.exercises.encoder_decoder.decoder_block_steps import Steps


@decoder_block.mistake(
    "Cross-attention comes before self-attention.", "Which of the parts does the task name first?"
)
class CrossFirst(Steps):
    ORDER = ("cross", "attention", "feedforward")


@decoder_block.mistake(
    "The feed-forward layer comes before cross-attention.", "Which part does the task name last?"
)
class CrossLast(Steps):
    ORDER = ("attention", "feedforward", "cross")


@decoder_block.mistake(
    "There is no cross-attention: the memory is never read.", "Where in your forward is `memory`?"
)
class NoCross(Steps):
    ORDER = ("attention", "feedforward")


@decoder_block.mistake(
    "Nothing reads the text that was written so far: self-attention is missing.",
    "How many attentions does a decoder's block have?",
)
class NoSelf(Steps):
    ORDER = ("cross", "feedforward")


@decoder_block.mistake(
    "The feed-forward layer is missing.", "How many parts does a decoder's block have?"
)
class NoFeedForward(Steps):
    ORDER = ("attention", "cross")


@decoder_block.mistake(
    "Self-attention and cross-attention both read the x that came in, side by side.",
    "Does a question to the source depend on what has been written so far?",
)
class SideBySide(Steps):
    def forward(self, x, memory, mask=None, memory_mask=None, cache=None):
        given = memory, mask, memory_mask, cache
        step = self.pre if self.pre_norm else self.post
        both = step("attention", x, *given) + step("cross", x, *given) - x
        return step("feedforward", both, *given)


@decoder_block.mistake(
    "Cross-attention gets the causal mask of the self-attention.",
    "Is there anything in the source that the decoder may not see yet?",
)
class CausalCross(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, mask, mask, cache)


@decoder_block.mistake(
    "The two masks are exchanged.", "Which mask hides the future, and which hides padding?"
)
class MasksExchanged(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, memory_mask, mask, cache)


@decoder_block.mistake(
    "Cross-attention ignores `memory_mask`.", "Who may read the padding of the source?"
)
class MemoryMaskIgnored(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, mask, None, cache)


@decoder_block.mistake(
    "Self-attention ignores `mask`, so that it sees the future.", "Where in your forward is `mask`?"
)
class MaskIgnored(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, None, memory_mask, cache)


@decoder_block.mistake(
    "Neither of the masks is used.", "Where in your forward are `mask` and `memory_mask`?"
)
class BothIgnored(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, None, None, cache)


@decoder_block.mistake(
    "Cross-attention reads the decoder's own stream, not the memory.",
    "From where do the keys and values of a cross-attention come?",
)
class CrossReadsItself(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return self.cross(y) if name == "cross" else super().run(name, y, memory, mask, None, cache)


@decoder_block.mistake(
    "Self-attention reads the memory, too.", "From where do the keys of a self-attention come?"
)
class SelfReadsMemory(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        if name == "attention":
            return self.attention(y, memory, mask=memory_mask, cache=cache)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "In cross-attention the memory asks and the decoder answers.",
    "Who asks in cross-attention? How many positions come out?",
)
class RolesExchanged(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        if name == "cross":
            return self.cross(memory, y)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "Both attentions use the same layer, so `cross` is never used.",
    "How many attention layers with weights of their own are there?",
)
class OneLayerForBoth(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        if name == "cross":
            return self.attention(y, memory, mask=memory_mask)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "The two attention layers are exchanged: `cross` reads the stream, `attention` the memory.",
    "Which of the two layers is named after reading across?",
)
class LayersExchanged(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        if name == "cross":
            return self.attention(y, memory, mask=memory_mask)
        if name == "attention":
            return self.cross(y, mask=mask, cache=cache)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "Cross-attention is given the cache as well: the memory is appended to what was written.",
    "What does the cache remember? Does the memory grow from step to step?",
)
class CacheForCross(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        if name == "cross":
            return self.cross(y, memory, mask=memory_mask, cache=cache)
        return super().run(name, y, memory, mask, memory_mask, cache)


@decoder_block.mistake(
    "The cache is not used: every new token forgets what came before it.",
    "To which of the attentions do you hand the cache?",
)
class CacheIgnored(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory, mask, memory_mask, None)


@decoder_block.mistake(
    "The memory is cut off from the gradient: the encoder would never learn.",
    "Is there a detach, or a no_grad, around the memory?",
)
class MemoryDetached(Steps):
    def run(self, name, y, memory, mask, memory_mask, cache):
        return super().run(name, y, memory.detach(), mask, memory_mask, cache)
