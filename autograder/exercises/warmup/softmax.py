"""softmax: scores into shares. Its mistakes are in a file of their own."""

import math

import torch
from torch import Generator, Tensor, nn, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import probability

softmax = Exercise(
    probability.softmax,
    instead_of=[torch.softmax, F.softmax, Tensor.softmax, nn.Softmax, torch.special.softmax],
)

NOTHING = -math.inf


@softmax.case("two scores, by hand")
def two_scores(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([0.0, math.log(3.0)])), tensor([0.25, 0.75]))


@softmax.case("along the axis that is asked for", 2)
def every_axis(rng: Generator) -> list[Trial]:
    x, square = randn(3, 4, 5, generator=rng), randn(4, 4, generator=rng)
    return [ask(square, 0), ask(square), *(ask(x, dim) for dim in (-1, 0, 1, -2))]


@softmax.case(
    "the same shares when every score rises by 200",
    judge=Unmoved(
        "Only differences between scores count: adding 200 to all must change no share.",
        lambda output: output,
    ),
)
def shifted(rng: Generator) -> list[Trial]:
    x = randn(3, 5, generator=rng)
    return [ask(x), ask(x + 200)]


@softmax.case("scores of very different size")
def large(rng: Generator) -> list[Trial]:
    rows = [[1e4, 0.0, -1e4], [-200.0, -199.0, -198.0], [100.0, 0.0, 99.0], [60.0, 0.0, 60.5]]
    return [ask(tensor(rows)), ask(tensor(rows).mT.contiguous(), 0)]


@softmax.case("a score of -inf gets nothing")
def shut_out(rng: Generator) -> Trial:
    x = randn(3, 4, generator=rng)
    x[0, 1] = x[1, :3] = NOTHING
    return ask(x)


@softmax.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    x = 3 * randn(2, 6, 4, generator=rng)
    x[1, 2, 0] = NOTHING
    return [ask(x, dim).with_gradients() for dim in (-1, 1)]


@softmax.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng), dim=1)


@softmax.variant
def maximum_detached(x, dim=-1):
    powers = torch.exp(x - x.max(dim=dim, keepdim=True).values.detach())
    return powers / powers.sum(dim, keepdim=True)


@softmax.variant
def through_the_logarithm(x, dim=-1):
    return (x - x.logsumexp(dim, keepdim=True)).exp()


@softmax.variant
def with_transposes(x, dim=-1):
    turned = x.transpose(dim, -1)
    powers = (turned - turned.max(-1)[0].unsqueeze(-1)).exp()
    return (powers / powers.sum(-1).unsqueeze(-1)).transpose(dim, -1)


@softmax.variant
def slice_by_slice(x, dim=-1):
    slices = x.unbind(dim)
    top = torch.stack(slices).amax(0)
    powers = [torch.exp(one - top) for one in slices]
    return torch.stack([one / sum(powers) for one in powers], dim)
