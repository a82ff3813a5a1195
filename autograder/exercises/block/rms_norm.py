"""RMSNorm: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, build
from gradus import norm
from gradus.norm import RMSNorm

rms_norm = Exercise(norm.RMSNorm, instead_of=[F.rms_norm, torch.rms_norm, nn.RMSNorm])


def _weight(rng, d_model):
    return {"weight": randn(d_model, generator=rng)}


@rms_norm.case(
    "two numbers, by hand", hint="The mean square of 1 and 7 is 25. What does eps = 11 make of it?"
)
def by_hand(rng: Generator) -> ByHand:
    trial = build(2, eps=11.0).load({"weight": tensor([12.0, 6.0])})
    return ByHand(trial.call(tensor([1.0, 7.0])), tensor([2.0, 7.0]))


@rms_norm.case("every vector by itself, however many axes stand in front", 2)
def axes(rng: Generator) -> list[Trial]:
    trial = build(6).load(_weight(rng, 6))
    return [trial.call(randn(*s, 6, generator=rng)) for s in ((), (4,), (2, 5), (2, 3, 4))]


@rms_norm.case("numbers far from zero", hint="Nothing is said about the mean of the vector.")
def shifted(rng: Generator) -> Trial:
    return build(5).load(_weight(rng, 5)).call(randn(3, 5, generator=rng) + 4)


@rms_norm.case("the weight that it starts with")
def fresh(rng: Generator) -> Trial:
    return build(5).call(randn(3, 5, generator=rng))


@rms_norm.case("the eps that it is given, and the one that it is not")
def eps(rng: Generator) -> list[Trial]:
    x, state = randn(2, 4, 6, generator=rng), _weight(rng, 6)
    given = [build(6, eps=e).load(state).call(x) for e in (0.1, 2.0)]
    return [*given, build(6).load(state).call(1e-3 * x)]


@rms_norm.case("a vector of zeros")
def zeros(rng: Generator) -> Trial:
    x = randn(3, 5, generator=rng)
    x[1] = 0
    return build(5).load(_weight(rng, 5)).call(x).with_gradients()


@rms_norm.case("half precision", 0.5, hint="The largest number of float16 is 65504. What is 1000²?")
def half_precision(rng: Generator) -> list[Trial]:
    trial, x = build(6).load(_weight(rng, 6)), randn(2, 3, 6, generator=rng)
    return [trial.call(x.half()), trial.call((1000 * x).half())]


@rms_norm.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model = randint(2, 9, (3,), generator=rng).tolist()
    trial = build(d_model + 1, eps=0.3).load(_weight(rng, d_model + 1))
    return trial.call(randn(batch, seq, d_model + 1, generator=rng)).with_gradients()


@rms_norm.house_rules()
def typical(rng: Generator) -> Trial:
    return build(6, eps=0.01).load(_weight(rng, 6)).call(randn(2, 5, 6, generator=rng))


def _wide(x):
    return x if x.dtype == torch.float64 else x.float()


@rms_norm.variant
class WithPower(RMSNorm):
    def forward(self, x):
        y = _wide(x)
        y = y / torch.sqrt(torch.mean(y**2, dim=-1, keepdim=True) + self.eps)
        return (self.weight * y).to(x.dtype)


@rms_norm.variant
class WithLength(RMSNorm):
    """The mean square is the squared length, divided by the number of numbers."""

    def forward(self, x):
        y = _wide(x)
        mean_square = torch.linalg.vecdot(y, y).unsqueeze(-1) / y.shape[-1]
        return (y * self.weight / (mean_square + self.eps) ** 0.5).type(x.dtype)


@rms_norm.variant
class OwnConstructor(RMSNorm):
    def __init__(self, d_model, eps=1e-6):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.full((d_model,), 1.0))
        self.eps = float(eps)

    def forward(self, x):
        y = _wide(x)
        scale = torch.einsum("...d,...d->...", y, y).div(y.size(-1)).add(self.eps).rsqrt()
        return torch.einsum("...d,...,d->...d", y, scale, self.weight).to(dtype=x.dtype)
