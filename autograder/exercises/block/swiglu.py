"""SwiGLU: a feed-forward layer with a gate."""

import torch
from torch import Generator, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, build
from gradus import feedforward
from gradus.feedforward import SwiGLU

swiglu = Exercise(feedforward.SwiGLU)


def weights(rng, d_model, d_ff, bias=False):
    """Random weights that keep all numbers at unit scale."""
    sizes = {"gate": (d_ff, d_model), "up": (d_ff, d_model), "down": (d_model, d_ff)}
    state = {f"{n}.weight": randn(s, generator=rng) / s[1] ** 0.5 for n, s in sizes.items()}
    biases = {f"{n}.bias": randn(s[0], generator=rng) for n, s in sizes.items()}
    return state | biases if bias else state


@swiglu.case("an open gate and a shut one, by hand", hint="The gates are 100 and -100.")
def by_hand(rng: Generator) -> ByHand:
    state = {
        "gate.weight": tensor([[50.0], [-50.0]]),
        "up.weight": tensor([[3.0], [7.0]]),
        "down.weight": tensor([[2.0, 5.0]]),
    }
    return ByHand(build(1, 2).load(state).call(tensor([2.0])), tensor([1200.0]))


@swiglu.case("every position by itself", 2)
def positions(rng: Generator) -> list[Trial]:
    trial = build(6, 10).load(weights(rng, 6, 10))
    return [trial.call(randn(*s, 6, generator=rng)) for s in ((), (5,), (2, 5))]


@swiglu.case("narrower in the middle, and as wide")
def widths(rng: Generator) -> list[Trial]:
    x = randn(2, 4, 6, generator=rng)
    return [build(6, d).load(weights(rng, 6, d)).call(x) for d in (4, 6)]


@swiglu.case("with biases", 0.5)
def with_bias(rng: Generator) -> Trial:
    trial = build(6, 10, bias=True).load(weights(rng, 6, 10, bias=True))
    return trial.call(randn(2, 4, 6, generator=rng))


@swiglu.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model, more = randint(2, 8, (4,), generator=rng).tolist()
    trial = build(d_model, d_model + more).load(weights(rng, d_model, d_model + more))
    return trial.call(randn(batch, seq, d_model, generator=rng)).with_gradients()


@swiglu.house_rules()
def typical(rng: Generator) -> Trial:
    return build(6, 10).load(weights(rng, 6, 10)).call(randn(2, 5, 6, generator=rng))


@swiglu.mistake(
    "gate and up are exchanged: silu is taken of up.", "Which of the two goes through silu?"
)
class Exchanged(SwiGLU):
    def forward(self, x):
        return self.down(self.gate(x) * F.silu(self.up(x)))


@swiglu.mistake("silu is taken of the product.", "What exactly stands in the brackets of silu?")
class SiluOfProduct(SwiGLU):
    def forward(self, x):
        return self.down(F.silu(self.gate(x) * self.up(x)))


@swiglu.mistake("silu is taken of both branches.", "Which of the two goes through silu?")
class SiluOfBoth(SwiGLU):
    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * F.silu(self.up(x)))


@swiglu.mistake("silu comes last, after down.", "What is the last step of the formula?")
class SiluLast(SwiGLU):
    def forward(self, x):
        return F.silu(self.down(self.gate(x) * self.up(x)))


@swiglu.mistake(
    "There is one activation too many, after down.", "What is the last step of the formula?"
)
class SiluAgain(SwiGLU):
    def forward(self, x):
        return F.silu(super().forward(x))


@swiglu.mistake(
    "The gate is a plain linear layer: silu is missing.", "Where in your forward is silu?"
)
class NoSilu(SwiGLU):
    def forward(self, x):
        return self.down(self.gate(x) * self.up(x))


@swiglu.mistake("The gate is added to up, not multiplied.", "How does a gate shut something out?")
class Added(SwiGLU):
    def forward(self, x):
        return self.down(F.silu(self.gate(x)) + self.up(x))


@swiglu.mistake(
    "The gate is a sigmoid, from 0 to 1 (that is GLU), not silu.", "How is silu(x) made of x?"
)
class Sigmoid(SwiGLU):
    def forward(self, x):
        return self.down(self.gate(x).sigmoid() * self.up(x))


@swiglu.mistake(
    "The gate goes through gelu, not silu (that is GEGLU).", "Which activation is asked?"
)
class Geglu(SwiGLU):
    def forward(self, x):
        return self.down(F.gelu(self.gate(x)) * self.up(x))


@swiglu.mistake(
    "The gate goes through ReLU, not silu (that is ReGLU).", "Which activation is asked?"
)
class Reglu(SwiGLU):
    def forward(self, x):
        return self.down(F.relu(self.gate(x)) * self.up(x))


@swiglu.mistake("up is never used: the gate goes on alone.", "What is the gate a gate for?")
class GateAlone(SwiGLU):
    def forward(self, x):
        return self.down(F.silu(self.gate(x)))


@swiglu.mistake("gate is never used: up gates itself.", "Which linear layer is never called?")
class UpGatesItself(SwiGLU):
    def forward(self, x):
        up = self.up(x)
        return self.down(F.silu(up) * up)


@swiglu.mistake(
    "gate and up share their weights: they are one layer under two names.",
    "How many weights should an optimiser find?",
)
class Shared(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, d_ff, bias)
        self.gate = self.up


@swiglu.mistake(
    "One layer makes gate and up together; the task names two.",
    "What are the layers called in the task?",
)
class Fused(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, d_ff, bias)
        self.gate_up = nn.Linear(d_model, 2 * d_ff, bias=bias)
        del self.gate, self.up


@swiglu.mistake(
    "The input is added to the output: that is the block's work.",
    "Is there an addition in the formula?",
)
class WithResidual(SwiGLU):
    def forward(self, x):
        return x + super().forward(x)


@swiglu.mistake(
    "The linear layers have biases, whether asked for or not.", "Which argument is never used?"
)
class AlwaysBias(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, d_ff, True)


@swiglu.mistake(
    "The linear layers have no biases, whether asked for or not.", "Which argument is never used?"
)
class NeverBias(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, d_ff, False)


@swiglu.mistake(
    "The middle is only 2/3 as wide as d_ff says.",
    "Does the task shrink d_ff, or is that for the one who chooses it?",
)
class TwoThirds(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, 2 * d_ff // 3, bias)


@swiglu.mistake("All layers go from d_model to d_model.", "How wide is it between up and down?")
class SameWidth(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        super().__init__(d_model, d_model, bias)


@swiglu.mistake(
    "The gate is cut off from the gradient, so it can never learn.", "Is there a detach or no_grad?"
)
class GateDetached(SwiGLU):
    def forward(self, x):
        return self.down(F.silu(self.gate(x)).detach() * self.up(x))


@swiglu.variant
class SiluWritten(SwiGLU):
    def forward(self, x):
        gate = self.gate(x)
        return self.down(gate * torch.sigmoid(gate) * self.up(x))


@swiglu.variant
class OneProduct(SwiGLU):
    """Both branches in one matrix product."""

    def forward(self, x):
        both = x @ torch.cat([self.up.weight, self.gate.weight]).mT
        if self.up.bias is not None:
            both = both + torch.cat([self.up.bias, self.gate.bias])
        up, gate = both.chunk(2, dim=-1)
        return F.linear(up * gate / (1 + torch.exp(-gate)), self.down.weight, self.down.bias)


@swiglu.variant
class OwnConstructor(SwiGLU):
    def __init__(self, d_model, d_ff, bias=False):
        nn.Module.__init__(self)
        self.down = nn.Linear(d_ff, d_model, bias)
        for name in ("gate", "up"):
            self.add_module(name, nn.Linear(d_model, d_ff, bias))
        self.silu = nn.SiLU()

    def forward(self, x):
        return self.down(torch.mul(self.up(x), self.silu(self.gate(x))))
