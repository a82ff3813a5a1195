"""chinchilla_loss: the law."""

import torch
from torch import Generator, rand, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.judges import Numbers
from autograder.trial import Trial, ask
from gradus.scaling import law as reference
from gradus.scaling.coefficients import BESIROGLU, HOFFMANN

chinchilla_loss = Exercise(reference.chinchilla_loss)

# A root of 4 and one of 9: 1 + 6/2 + 12/3.
BY_HAND = ask(4, 9, (1.0, 6.0, 12.0, 0.5, 0.5))
UNLIKE = (1.0, 3.0, 20.0, 0.5, 0.25)
TERMS = [
    ask(16, 81, UNLIKE),
    ask(81, 16, UNLIKE),
    ask(2.0, 5.0, (0.0, 7.0, 11.0, 0.3, 0.7)),
    ask(1, 1, UNLIKE),
]
MODELS = [
    ask(70e9, 1.4e12, HOFFMANN.law),
    ask(280e9, 300e9, HOFFMANN.law),
    ask(70e9, 1.4e12, BESIROGLU.law),
]
ENDLESS = [
    ask(1e9, float("inf"), HOFFMANN.law),
    ask(float("inf"), 1e9, HOFFMANN.law),
    ask(float("inf"), float("inf"), HOFFMANN.law),
]


def _judge(trials=()):
    return Numbers(["nats"], trials)


def _sizes(rng: Generator) -> tuple[torch.Tensor, torch.Tensor]:
    size, length = 10 ** (2 * rand(2, 5, generator=rng).double())
    return size * 1e7, length * 1e9


@chinchilla_loss.case("roots of 4 and 9, by hand", 0.5, judge=_judge([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, 8.0)


@chinchilla_loss.case("two terms that differ in everything", 2, judge=_judge(TERMS))
def terms(rng: Generator) -> list[Trial]:
    return TERMS


@chinchilla_loss.case("Chinchilla and Gopher", judge=_judge(MODELS))
def models(rng: Generator) -> list[Trial]:
    return MODELS


@chinchilla_loss.case(
    "endless data, endless size",
    0.5,
    judge=_judge(ENDLESS),
    hint="Python's float('inf') divides and raises to powers like other numbers.",
)
def endless(rng: Generator) -> list[Trial]:
    return ENDLESS


@chinchilla_loss.case("many sizes at once, as a tensor")
def tensors(rng: Generator) -> list[Trial]:
    size, length = _sizes(rng)
    return [ask(size, length, UNLIKE), ask(size, 3e10, HOFFMANN.law), ask(2e8, length, UNLIKE)]


@chinchilla_loss.case("a hidden law", hidden=True, judge=_judge())
def hidden(rng: Generator) -> list[Trial]:
    a, b, c, d, e = rand(5, generator=rng).double().tolist()
    made = (1 + a, 100 + 300 * b, 900 + 900 * c, 0.3 + 0.1 * d, 0.5 + 0.1 * e)
    return [ask(3e8, 2e10, made), ask(2e3, 5e5, made)]


@chinchilla_loss.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    size = tensor([[2.0, 7.0, 30.0], [11.0, 5.0, 3.0]])
    length = tensor([[40.0, 6.0, 13.0], [3.0, 23.0, 8.0]])
    return ask(size, length, UNLIKE)


@chinchilla_loss.variant
def negative_powers(params, tokens, law):
    E, A, B, alpha, beta = law
    return E + A * params ** (-alpha) + B * tokens ** (-beta)


@chinchilla_loss.variant
def by_index(params, tokens, law):
    model = law[1] / pow(params, law[3])
    data = law[2] / pow(tokens, law[4])
    return model + data + law[0]


@chinchilla_loss.variant
def in_logarithms(params, tokens, law):
    E, A, B, alpha, beta = law
    n = torch.as_tensor(params, dtype=None if isinstance(params, torch.Tensor) else torch.float64)
    d = torch.as_tensor(tokens, dtype=None if isinstance(tokens, torch.Tensor) else torch.float64)
    total = E + A * torch.exp(-alpha * n.log()) + B * torch.exp(-beta * d.log())
    given = isinstance(params, torch.Tensor) or isinstance(tokens, torch.Tensor)
    if not given:
        return total.item()
    wanted = params.dtype if isinstance(params, torch.Tensor) else tokens.dtype
    return total.to(wanted)
