"""clip_grad_norm: one factor for all gradients, or none."""

import torch
from torch import Generator, inf, nan, nn, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.decoder.afterwards import Afterwards
from autograder.left_behind import Parameters
from autograder.trial import Trial, ask
from gradus import clip

clip_grad_norm = Exercise(
    clip.clip_grad_norm, instead_of=[nn.utils.clip_grad_norm_, nn.utils.clip_grad_value_]
)

JUDGE = Afterwards("the norm that is returned")


def _parameters(rng, size=1.0, *, without=False):
    """Three parameters; with `without`, the middle one has no gradient."""
    state = {
        name: (randn(*shape, generator=rng), size * randn(*shape, generator=rng))
        for name, shape in (("a", (2, 3)), ("b", (4,)), ("c", (3, 1)))
    }
    if without:
        state["b"] = (state["b"][0], None)
    return Parameters(state)


@clip_grad_norm.case("a gradient of length 5, by hand", 0.5, judge=JUDGE, hint="3² + 4² = 5².")
def by_hand(rng: Generator) -> ByHand:
    state = {"a": (tensor([1.0]), tensor([3.0])), "b": (tensor([2.0, 7.0]), tensor([0.0, 4.0]))}
    left = {
        "the parameter a": tensor([1.0]),
        "the gradient of a": tensor([0.6]),
        "the parameter b": tensor([2.0, 7.0]),
        "the gradient of b": tensor([0.0, 0.8]),
    }
    return ByHand(ask(Parameters(state), 1.0), (tensor(5.0), left))


@clip_grad_norm.case(
    "gradients that are too long",
    1.5,
    judge=JUDGE,
    hint="All gradients together are one vector: its direction stays, its length changes.",
)
def too_long(rng: Generator) -> list[Trial]:
    return [ask(_parameters(rng), 0.5), ask(_parameters(rng, 100), 2.0)]


@clip_grad_norm.case("gradients that are short enough stay as they are", judge=JUDGE)
def short(rng: Generator) -> list[Trial]:
    return [ask(_parameters(rng), 50.0), ask(_parameters(rng, 0.01), 1.0)]


@clip_grad_norm.case("clipped twice", 0.5, judge=JUDGE, hint="The second norm is the limit.")
def twice(rng: Generator) -> Trial:
    return ask(_parameters(rng), 0.5).times(2)


@clip_grad_norm.case("a parameter without a gradient, and none at all", judge=JUDGE)
def without(rng: Generator) -> list[Trial]:
    nothing = Parameters({"a": (randn(3, generator=rng), None)})
    return [ask(_parameters(rng, without=True), 0.5), ask(nothing, 1.0)]


@clip_grad_norm.case("gradients of 0", 0.5, judge=JUDGE)
def zeros(rng: Generator) -> Trial:
    return ask(_parameters(rng, 0.0), 1.0)


@clip_grad_norm.case(
    "a gradient that is no finite number",
    0.5,
    judge=JUDGE,
    hint="What is infinity times 0? The task says what becomes of such gradients.",
)
def not_finite(rng: Generator) -> list[Trial]:
    found = []
    for wrong in (inf, nan):
        parameters = _parameters(rng)
        parameters.state["b"][1][2] = wrong
        found.append(ask(parameters, 0.5))
    return found


@clip_grad_norm.case("hidden", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> list[Trial]:
    return [ask(_parameters(rng, 7.0), 3.0), ask(_parameters(rng, 7.0, without=True), 1.3)]


@clip_grad_norm.house_rules(0.5, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    # Long gradients: who adds a small number to the norm before dividing is right as well.
    return ask(_parameters(rng, 500.0), 1.0)


def gradients_of(parameters):
    """The gradients there are."""
    return [p.grad for p in parameters if p.grad is not None]


def length(gradients, of=None):
    """The norm of all gradients together."""
    if not gradients:
        return tensor(0.0)
    return torch.cat([g.flatten() for g in gradients]).norm(p=of or 2)


@clip_grad_norm.variant
def like_torch(parameters, max_norm):
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
    factor = max_norm / (norm + 1e-6)
    if factor < 1 and torch.isfinite(norm):
        for gradient in gradients:
            gradient.mul_(factor)
    return norm


@clip_grad_norm.variant
def new_gradients(parameters, max_norm):
    total = torch.tensor(0.0)
    parameters = list(parameters)
    for parameter in parameters:
        if parameter.grad is not None:
            total = total.to(parameter.grad) + (parameter.grad**2).sum()
    norm = total**0.5
    if max_norm < norm < inf:
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad = parameter.grad / norm * max_norm
    return norm


@clip_grad_norm.variant
def clamped(parameters, max_norm):
    gradients = gradients_of(parameters)
    norm = length(gradients)
    if not torch.isfinite(norm):
        return norm
    factor = (max_norm / norm.clamp(min=1e-12)).clamp(max=1.0)
    for gradient in gradients:
        gradient *= factor
    return norm
