"""LayerNorm: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, ones, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, build
from gradus import norm
from gradus.norm import LayerNorm

layer_norm = Exercise(norm.LayerNorm, instead_of=[F.layer_norm, torch.layer_norm, nn.LayerNorm])


def weights(rng, d_model):
    """Random weights and biases: with 1 and 0 it would not show where they go."""
    return {"weight": randn(d_model, generator=rng), "bias": randn(d_model, generator=rng)}


@layer_norm.case(
    "two numbers, by hand", hint="Mean 2, variance 1, eps 3: what is the square root of 1 + 3?"
)
def by_hand(rng: Generator) -> ByHand:
    state = {"weight": tensor([4.0, 6.0]), "bias": tensor([10.0, 20.0])}
    return ByHand(build(2, eps=3.0).load(state).call(tensor([1.0, 3.0])), tensor([8.0, 23.0]))


@layer_norm.case("every vector by itself, however many axes stand in front", 2)
def axes(rng: Generator) -> list[Trial]:
    trial = build(6).load(weights(rng, 6))
    return [trial.call(randn(*s, 6, generator=rng)) for s in ((), (4,), (2, 5), (2, 3, 4))]


@layer_norm.case("the weights that it starts with")
def fresh(rng: Generator) -> Trial:
    return build(5).call(randn(3, 5, generator=rng))


@layer_norm.case("the eps that it is given, and the one that it is not")
def eps(rng: Generator) -> list[Trial]:
    x, state = randn(2, 4, 6, generator=rng), weights(rng, 6)
    given = [build(6, eps=e).load(state).call(x) for e in (0.1, 2.0)]
    return [*given, build(6).load(state).call(3e-3 * x)]


@layer_norm.case(
    "the same result when every number rises by 64",
    judge=Unmoved(
        "The mean is taken away, so adding 64 to every number must change nothing.",
        lambda output: output,
    ),
)
def shifted(rng: Generator) -> list[Trial]:
    x, state = randint(-8, 9, (3, 4), generator=rng).float(), weights(rng, 4)
    return [build(4).load(state).call(x + shift) for shift in (0, 64)]


@layer_norm.case("a vector of equal numbers", hint="Its variance is 0. What is left?")
def equal_numbers(rng: Generator) -> Trial:
    x = randn(3, 5, generator=rng)
    x[1] = 2.0
    return build(5).load(weights(rng, 5)).call(x).with_gradients()


@layer_norm.case(
    "small differences between large numbers",
    0.5,
    hint="5001² is 25010001; float32 is exact up to 16777216.",
)
def far_from_zero(rng: Generator) -> Trial:
    x = 5000 + tensor([[0.0, 1, 3, 4], [2, 0, 0, 6]])
    return build(4).load(weights(rng, 4)).call(x)


@layer_norm.case(
    "half precision", 0.5, hint="The largest number of float16 is 65504. What is 1000²?"
)
def half_precision(rng: Generator) -> list[Trial]:
    trial, x = build(6).load(weights(rng, 6)), randn(2, 3, 6, generator=rng)
    return [trial.call(x.half()), trial.call((1000 * x).half())]


@layer_norm.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model = randint(2, 9, (3,), generator=rng).tolist()
    trial = build(d_model + 1, eps=0.3).load(weights(rng, d_model + 1))
    return trial.call(randn(batch, seq, d_model + 1, generator=rng)).with_gradients()


@layer_norm.house_rules()
def typical(rng: Generator) -> Trial:
    return build(6, eps=0.01).load(weights(rng, 6)).call(randn(2, 5, 6, generator=rng))


def _wide(x):
    return x if x.dtype == torch.float64 else x.float()


@layer_norm.variant
class WithVar(LayerNorm):
    def forward(self, x):
        y = _wide(x)
        variance, mean = torch.var_mean(y, dim=-1, correction=0, keepdim=True)
        y = (y - mean) / torch.sqrt(variance + self.eps)
        return torch.addcmul(self.bias, y, self.weight).to(x.dtype)


@layer_norm.variant
class WithSums(LayerNorm):
    def forward(self, x):
        y = _wide(x)
        n = y.size(-1)
        y = y - (y.sum(-1) / n).unsqueeze(-1)
        root = torch.sqrt((y * y).sum(-1) / n + self.eps).unsqueeze(-1)
        return torch.einsum("...d,d->...d", y / root, self.weight).add(self.bias).type_as(x)


@layer_norm.variant
class OwnConstructor(LayerNorm):
    def __init__(self, d_model, eps=1e-5):
        nn.Module.__init__(self)
        self.register_parameter("weight", nn.Parameter(ones(d_model)))
        self.register_parameter("bias", nn.Parameter(0 * ones(d_model)))
        self.eps, self.width = eps, d_model

    def forward(self, x):
        y = _wide(x)
        mean = F.linear(y, torch.full_like(self.weight, 1 / self.width)[None])
        spread = F.linear((y - mean) ** 2, torch.full_like(self.weight, 1 / self.width)[None])
        return ((y - mean) * (spread + self.eps) ** -0.5 * self.weight + self.bias).to(x.dtype)
