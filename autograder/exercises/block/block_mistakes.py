"""What goes wrong in Block: the stream, and what is added to it."""

from autograder.exercises.block.block import block
from autograder.exercises.block.block_steps import Steps


@block.mistake(
    "Nothing is added to the stream: each part replaces it.",
    "What does the residual connection add?",
)
class NoResidual(Steps):
    def add(self, x, change):
        return self.thin(change)


@block.mistake(
    "Attention replaces the stream; only the feed-forward layer adds to it.",
    "How many additions does a block have?",
)
class NoFirstResidual(Steps):
    def pre(self, x, mask, cache):
        x = self.thin(self.read(self.attention_norm(x), mask, cache))
        return self.add(x, self.work(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        x = self.attention_norm(self.thin(self.read(x, mask, cache)))
        return self.feedforward_norm(self.add(x, self.work(x)))


@block.mistake(
    "The feed-forward layer replaces the stream; only attention adds to it.",
    "How many additions does a block have?",
)
class NoSecondResidual(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.thin(self.work(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        x = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.feedforward_norm(self.thin(self.work(x)))


@block.mistake(
    "Pre-norm adds to the normalised copy, not to the stream itself.",
    "Follow the stream from the bottom to the top: does it pass through a norm?",
)
class ResidualFromNormalised(Steps):
    def pre(self, x, mask, cache):
        x = self.attention_norm(x)
        x = self.feedforward_norm(self.add(x, self.read(x, mask, cache)))
        return self.add(x, self.work(x))


@block.mistake(
    "In pre-norm, attention adds to the normalised copy, not to the stream itself.",
    "Follow the stream from the bottom to the top: does it pass through a norm?",
)
class FirstFromNormalised(Steps):
    def pre(self, x, mask, cache):
        x = self.attention_norm(x)
        x = self.add(x, self.read(x, mask, cache))
        return self.add(x, self.work(self.feedforward_norm(x)))


@block.mistake(
    "In pre-norm, the feed-forward layer adds to the normalised copy, not to the stream itself.",
    "Follow the stream from the bottom to the top: does it pass through a norm?",
)
class SecondFromNormalised(Steps):
    def pre(self, x, mask, cache):
        x = self.feedforward_norm(self.add(x, self.read(self.attention_norm(x), mask, cache)))
        return self.add(x, self.work(x))


@block.mistake(
    "The second addition adds to the x that came in, so what attention added is lost.",
    "What is the stream after attention has added to it?",
)
class SecondFromInput(Steps):
    def pre(self, x, mask, cache):
        middle = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.add(x, self.work(self.feedforward_norm(middle)))

    def post(self, x, mask, cache):
        middle = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.feedforward_norm(self.add(x, self.work(middle)))


@block.mistake(
    "Attention and feed-forward both read the x that came in, side by side.",
    "Does the feed-forward layer know what attention has found?",
)
class Parallel(Steps):
    def pre(self, x, mask, cache):
        middle = self.add(x, self.read(self.attention_norm(x), mask, cache))
        return self.add(middle, self.work(self.feedforward_norm(x)))

    def post(self, x, mask, cache):
        middle = self.attention_norm(self.add(x, self.read(x, mask, cache)))
        return self.feedforward_norm(self.add(middle, self.work(x)))


@block.mistake(
    "The feed-forward layer comes before attention.", "Which of the two does the task name first?"
)
class FeedForwardFirst(Steps):
    def pre(self, x, mask, cache):
        x = self.add(x, self.work(self.feedforward_norm(x)))
        return self.add(x, self.read(self.attention_norm(x), mask, cache))

    def post(self, x, mask, cache):
        x = self.feedforward_norm(self.add(x, self.work(x)))
        return self.attention_norm(self.add(x, self.read(x, mask, cache)))


@block.mistake("The stream is added twice.", "How often does x stand in each line?")
class AddedTwice(Steps):
    def add(self, x, change):
        return 2 * x + self.thin(change)


@block.mistake(
    "Stream and change are averaged, not added.", "What happens to the stream after 48 averages?"
)
class AveragedResidual(Steps):
    def add(self, x, change):
        return (x + self.thin(change)) / 2


@block.mistake(
    "Stream and change are multiplied.", "What must a part give that wants to change nothing?"
)
class Product(Steps):
    def add(self, x, change):
        return x * self.thin(change)


@block.mistake(
    "The stream is cut off from the gradient, so that layers below learn only through the parts.",
    "Is there a detach? Along which path does the gradient reach the first layer of 48?",
)
class StreamDetached(Steps):
    def add(self, x, change):
        return x.detach() + self.thin(change)
