"""FeedForward: up, gelu, down."""

import torch
from torch import Generator, eye, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.block.gelu import gelu
from autograder.stand_ins import TorchPart
from autograder.trial import Trial, build
from gradus import feedforward
from gradus.feedforward import FeedForward

feed_forward = Exercise(feedforward.FeedForward, uses=[gelu])


def weights(rng, d_model, d_ff, bias=True):
    """Random weights that keep all numbers at unit scale."""
    state = {
        "up.weight": randn(d_ff, d_model, generator=rng) / d_model**0.5,
        "down.weight": randn(d_model, d_ff, generator=rng) / d_ff**0.5,
    }
    if bias:
        state["up.bias"] = randn(d_ff, generator=rng)
        state["down.bias"] = randn(d_model, generator=rng)
    return state


@feed_forward.case("one number made three, by hand", hint="gelu(-100), gelu(0) and gelu(100).")
def by_hand(rng: Generator) -> ByHand:
    state = {
        "up.weight": tensor([[1.0], [1.0], [1.0]]),
        "up.bias": tensor([-102.0, -2.0, 98.0]),
        "down.weight": tensor([[5.0, 7.0, 3.0]]),
        "down.bias": tensor([1.0]),
    }
    return ByHand(build(1, 3).load(state).call(tensor([2.0])), tensor([301.0]))


@feed_forward.case("every position by itself", 2)
def positions(rng: Generator) -> list[Trial]:
    trial = build(6, 10).load(weights(rng, 6, 10))
    return [trial.call(randn(*s, 6, generator=rng)) for s in ((), (5,), (2, 5))]


@feed_forward.case("narrower in the middle, and as wide")
def widths(rng: Generator) -> list[Trial]:
    x = randn(2, 4, 6, generator=rng)
    return [build(6, d).load(weights(rng, 6, d)).call(x) for d in (3, 6)]


@feed_forward.case("without biases", 0.5)
def without_bias(rng: Generator) -> Trial:
    trial = build(6, 10, bias=False).load(weights(rng, 6, 10, bias=False))
    return trial.call(randn(2, 4, 6, generator=rng))


@feed_forward.case("another activation", 0.5, hint="Here `activation` is torch's ReLU.")
def other_activation(rng: Generator) -> Trial:
    trial = build(6, 10).then("__init__", 6, 10, activation=TorchPart("ReLU"))
    trial = trial.then("load_state_dict", weights(rng, 6, 10))
    return trial.call(randn(2, 4, 6, generator=rng))


@feed_forward.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model, more = randint(2, 8, (4,), generator=rng).tolist()
    trial = build(d_model, d_model + more).load(weights(rng, d_model, d_model + more))
    return trial.call(randn(batch, seq, d_model, generator=rng)).with_gradients()


@feed_forward.house_rules()
def typical(rng: Generator) -> Trial:
    return build(6, 10).load(weights(rng, 6, 10)).call(randn(2, 5, 6, generator=rng))


@feed_forward.mistake(
    "There is no activation: two linear layers in a row are one linear layer.",
    "What stands between up and down?",
)
class NoActivation(FeedForward):
    def forward(self, x):
        return self.down(self.up(x))


@feed_forward.mistake(
    "The activation comes after down, too.", "Which is the last step of the task?"
)
class ActivationTwice(FeedForward):
    def forward(self, x):
        return self.activation(self.down(self.activation(self.up(x))))


@feed_forward.mistake(
    "The activation comes after down, not between up and down.",
    "In which order do the three steps come?",
)
class ActivationLast(FeedForward):
    def forward(self, x):
        return self.activation(self.down(self.up(x)))


@feed_forward.mistake(
    "The activation comes before up, not after it.", "In which order do the three steps come?"
)
class ActivationFirst(FeedForward):
    def forward(self, x):
        return self.down(self.up(self.activation(x)))


@feed_forward.mistake(
    "The activation is ReLU when none is given; the task says gelu.",
    "Which activation does the task name?",
)
class WithRelu(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias, activation or F.relu)


@feed_forward.mistake(
    "The activation is SiLU when none is given; the task says gelu.",
    "Which activation does the task name?",
)
class WithSilu(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias, activation or F.silu)


@feed_forward.mistake(
    "The approximate gelu is used when no activation is given; the task says the exact one.",
    "Which of the two forms of gelu does the task name?",
)
class Approximate(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias, activation or nn.GELU("tanh"))


@feed_forward.mistake(
    "The activation that is given is not used.", "Which argument does your code never read?"
)
class ActivationIgnored(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias)


@feed_forward.mistake(
    "The input is added to the output: that is the block's work.",
    "Which three steps does the task name, and is an addition among them?",
)
class WithResidual(FeedForward):
    def forward(self, x):
        return x + super().forward(x)


@feed_forward.mistake(
    "The linear layers have no biases, whether asked for or not.", "Which argument is never used?"
)
class NeverBias(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, False, activation)


@feed_forward.mistake(
    "The linear layers have biases, whether asked for or not.", "Which argument is never used?"
)
class AlwaysBias(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, True, activation)


@feed_forward.mistake("down has no bias.", "How many of the linear layers have a bias?")
class DownWithoutBias(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias, activation)
        self.down = nn.Linear(d_ff, d_model, bias=False)


@feed_forward.mistake(
    "The width in the middle is always 4 times d_model, whatever d_ff says.",
    "Which argument is never used?",
)
class AlwaysFourTimes(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, 4 * d_model, bias, activation)


@feed_forward.mistake(
    "Both linear layers go from d_model to d_model.", "How wide is it between up and down?"
)
class SameWidth(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_model, bias, activation)


@feed_forward.mistake(
    "up and down are exchanged: the first goes from d_ff to d_model.",
    "From which width to which does `up` go?",
)
class Exchanged(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_ff, d_model, bias, activation)


@feed_forward.mistake(
    "The layers have other names than up and down.", "What are the layers called in the task?"
)
class OtherNames(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        super().__init__(d_model, d_ff, bias, activation)
        self.linear1, self.linear2 = self.up, self.down
        del self.up, self.down


@feed_forward.mistake(
    "Something is dropped at random.", "Should the same question get the same answer twice?"
)
class Dropped(FeedForward):
    def forward(self, x):
        return F.dropout(super().forward(x), 0.2)


@feed_forward.variant
class StepByStep(FeedForward):
    def forward(self, x):
        inner = x @ self.up.weight.T
        inner = inner if self.up.bias is None else inner + self.up.bias
        inner = self.activation(inner)
        outer = torch.einsum("...f,df->...d", inner, self.down.weight)
        return outer if self.down.bias is None else outer + self.down.bias


@feed_forward.variant
class Chosen(FeedForward):
    def __init__(self, d_model, d_ff, bias=True, activation=None):
        nn.Module.__init__(self)
        self.down = nn.Linear(d_ff, d_model, bias)
        self.up = nn.Linear(d_model, d_ff, bias)
        self.given = activation

    def forward(self, x):
        wide = self.up(x)
        return self.down(F.gelu(wide) if self.given is None else self.given(wide))


@feed_forward.variant
class PositionByPosition(FeedForward):
    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1])
        done = [self.down(self.activation(self.up(row))) for row in rows]
        return torch.stack(done).reshape(x.shape) @ eye(x.shape[-1], dtype=x.dtype).to(x.device)
