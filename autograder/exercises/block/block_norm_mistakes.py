"""What goes wrong in Block: where it is normalised."""

from autograder.exercises.block.block import block
from autograder.exercises.block.block_steps import Steps


@block.mistake("It is pre-norm whatever is asked.", "Which argument does your forward never read?")
class AlwaysPre(Steps):
    def post(self, x, mask, cache):
        return self.pre(x, mask, cache)


@block.mistake("It is post-norm whatever is asked.", "Which argument does your forward never read?")
class AlwaysPost(Steps):
    def pre(self, x, mask, cache):
        return self.post(x, mask, cache)


@block.mistake(
    "pre_norm is read the wrong way round.", "In which of your two branches is pre_norm True?"
)
class OtherWayRound(Steps):
    def pre(self, x, mask, cache):
        return super().post(x, mask, cache)

    def post(self, x, mask, cache):
        return super().pre(x, mask, cache)


@block.mistake("Nothing is normalised.", "Which of the four parts are never called?")
class NoNorms(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(x, mask, cache))
        return self.add(x, self.work(x))

    def post(self, x, mask, cache):
        return self.pre(x, mask, cache)


@block.mistake(
    "Post-norm normalises each change before it is added, and not the sum.",
    "What is normalised in post-norm: the change, or the stream?",
)
class ChangeNormalised(Steps):
    def post(self, x, mask, cache):
        x = x + self.attention_norm(self.thin(self.read(x, mask, cache)))
        return x + self.feedforward_norm(self.thin(self.work(x)))


@block.mistake(
    "Whatever is asked, each change is normalised before it is added.",
    "What is normalised in pre-norm: what a part reads, or what it gives?",
)
class ChangeAlwaysNormalised(Steps):
    def forward(self, x, mask=None, cache=None):
        x = x + self.thin(self.attention_norm(self.read(x, mask, cache)))
        return x + self.thin(self.feedforward_norm(self.work(x)))


@block.mistake(
    "Post-norm is pre-norm with one more norm at the end.",
    "What does attention read in post-norm?",
)
class PreWithNormAtTheEnd(Steps):
    def post(self, x, mask, cache):
        return self.feedforward_norm(self.pre(x, mask, cache))


@block.mistake(
    "In pre-norm, attention reads the stream as it is, not a normalised copy.",
    "What does each part read in pre-norm?",
)
class AttentionReadsRaw(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(x, mask, cache))
        return self.add(x, self.work(self.feedforward_norm(x)))


@block.mistake(
    "In pre-norm, the feed-forward layer reads the stream as it is, not a normalised copy.",
    "What does each part read in pre-norm?",
)
class FeedForwardReadsRaw(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.add(x, self.work(x))


@block.mistake(
    "Pre-norm around attention, post-norm around the feed-forward layer.",
    "Do both halves of your block look alike?",
)
class PreThenPost(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.feedforward_norm(self.add(x, self.work(x)))


@block.mistake(
    "Pre-norm normalises the stream once more at the end.",
    "Is that norm part of the block, or does it come once after all blocks?",
)
class NormAtTheEnd(Steps):
    def pre(self, x, mask, cache):
        return self.feedforward_norm(super().pre(x, mask, cache))


@block.mistake("Post-norm normalises before each part, too.", "How many norms does one block have?")
class BeforeAndAfter(Steps):
    def post(self, x, mask, cache):
        x = self.attention_norm(self.add(x, self.read(self.attention_norm(x), mask, cache)))
        return self.feedforward_norm(self.add(x, self.work(self.feedforward_norm(x))))


@block.mistake(
    "The second norm of post-norm is missing.", "How often is the stream normalised in post-norm?"
)
class SecondNormMissing(Steps):
    def post(self, x, mask, cache):
        x = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.add(x, self.work(x))


@block.mistake("The two norms have changed places.", "Which of the two belongs to attention?")
class NormsExchanged(Steps):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.exchanged = True

    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.feedforward_norm(x), mask, cache))
        return self.add(x, self.work(self.attention_norm(x)))

    def post(self, x, mask, cache):
        x = self.feedforward_norm(self.add(x, self.read(x, mask, cache)))
        return self.attention_norm(self.add(x, self.work(x)))
