"""dropout: no number may rely on another. Judges and mistakes are in files of their own."""

import torch
from torch import Generator, nn, randn, tensor
from torch.nn import functional as F

from autograder.exercise import Exercise
from autograder.exercises.block.dropped import Dropped, Finite, Seeds
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import dropout as layer

dropout = Exercise(layer.dropout, instead_of=[F.dropout, nn.Dropout, torch.dropout])

# No number is 0, and no two are alike.
X = torch.arange(1, 12001).view(8, 30, 50) / 1000 - 6.0005
SMALL = tensor([[1.0, -2.0, 3.0, 5.0], [0.5, 7.0, -4.0, 6.0]])


@dropout.case("nothing dropped, and everything", judge=Finite(), hint="p = 0, and p = 1.")
def ends(rng: Generator) -> list[Trial]:
    return [ask(SMALL, p, True, Seeded(1)).with_gradients() for p in (0.0, 1.0)]


@dropout.case("outside of training", hint="What is a finished model to do?")
def not_training(rng: Generator) -> list[Trial]:
    return [ask(SMALL, p, False, Seeded(2)) for p in (0.3, 1.0)]


@dropout.case("each number falls or is divided by 1 - p", 2, judge=Dropped(X, 0.3))
def law(rng: Generator) -> list[Trial]:
    return [ask(X, 0.3), ask(X, 0.3, True, Seeded(3))]


@dropout.case("every number by itself, in every call", judge=Dropped(SMALL, 0.4))
def independent(rng: Generator) -> Trial:
    return ask(SMALL, 0.4, generator=Seeded(5)).times(400)


@dropout.case("the same seed drops the same numbers, another seed others", judge=Seeds())
def seeds(rng: Generator) -> list[Trial]:
    x = randn(9, 10, generator=rng)
    return [ask(x, 0.5, generator=Seeded(seed)) for seed in (7, 7, 8)]


@dropout.case("a p that is no probability", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return [ask(SMALL, p) for p in (-0.1, 1.5, 30.0)]


@dropout.case("hidden cases", hidden=True, judge=Dropped(X.flatten()[:6000].view(60, 100), 0.75))
def hidden(rng: Generator) -> Trial:
    seed = int(torch.randint(10**6, (1,), generator=rng))
    return ask(X.flatten()[:6000].view(60, 100), 0.75, generator=Seeded(seed)).with_gradients()


@dropout.house_rules(judge=Dropped(X, 0.4))
def typical(rng: Generator) -> Trial:
    return ask(X, 0.4, generator=Seeded(11))


@dropout.variant
def with_bernoulli(x, p=0.5, training=True, generator=None):
    if p < 0 or p > 1:
        raise ValueError(f"{p} is no probability")
    if not training:
        return x
    if p == 1:
        return torch.zeros_like(x)
    device = x.device if generator is None else generator.device
    stay = torch.empty(x.shape, device=device).bernoulli_(1 - p, generator=generator)
    return x * stay.to(x) / (1 - p)


@dropout.variant
def with_where(x, p=0.5, training=True, generator=None):
    if not 0.0 <= p <= 1.0:
        raise ValueError("p must be a probability")
    if not training or p == 0.0:
        return x.clone()
    if p == 1.0:
        return 0 * x
    dice = torch.rand(x.size(), generator=generator, dtype=x.dtype).to(x.device)
    return torch.where(dice >= p, x / (1 - p), torch.zeros_like(x))


@dropout.variant
def by_index(x, p=0.5, training=True, generator=None):
    if p > 1 or p < 0:
        raise ValueError("p")
    if not training:
        return x
    probabilities = torch.tensor([p, 1 - p])
    draws = torch.multinomial(probabilities, x.numel(), replacement=True, generator=generator)
    factors = draws.view(x.shape).to(x.device, x.dtype)
    return x * factors if p == 1 else x * (factors / (1 - p))
