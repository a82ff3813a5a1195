"""adamw_step: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, optim, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.decoder.afterwards import Afterwards
from autograder.left_behind import Memories, Parameters
from autograder.trial import Trial, ask
from gradus import adamw

adamw_step = Exercise(adamw.adamw_step, instead_of=[optim.AdamW, optim.Adam])

RULES = {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-2, "weight_decay": 0.5}


def _tensors(rng, size=1.0):
    """Two parameters and gradients of different shapes."""
    return {
        name: (randn(*shape, generator=rng), size * randn(*shape, generator=rng))
        for name, shape in (("a", (2, 3)), ("b", (4,)))
    }


def _memory(rng, step, *shape):
    return {
        "step": step,
        "mean": randn(*shape, generator=rng) / 2,
        "square": randn(*shape, generator=rng).square() / 3,
    }


@adamw_step.case(
    "the first step, by hand",
    hint="m is 4 and v is 16 after the correction; nothing decays, and eps is 0.",
    judge=Afterwards(),
)
def by_hand(rng: Generator) -> ByHand:
    parameters = Parameters({"a": (tensor([1.0]), tensor([4.0]))})
    trial = ask(parameters, Memories([{}]), 0.5, (0.75, 0.9375), 0.0, 0.0)
    left = {"the parameter a": tensor([0.5]), "the gradient of a": tensor([4.0])}
    memory = {'"step" in memory 0': 1, '"mean" in memory 0': tensor([1.0])}
    return ByHand(trial, (None, left, memory | {'"square" in memory 0': tensor([1.0])}))


@adamw_step.case("the first step of two parameters", 1.5, judge=Afterwards())
def first(rng: Generator) -> Trial:
    return ask(Parameters(_tensors(rng)), Memories([{}, {}]), **RULES)


@adamw_step.case(
    "a step in the middle of training",
    2,
    judge=Afterwards(),
    hint="One parameter has made 7 steps, the other 2: each remembers its own number.",
)
def later(rng: Generator) -> Trial:
    memories = Memories([_memory(rng, 7, 2, 3), _memory(rng, 2, 4)])
    return ask(Parameters(_tensors(rng)), memories, **RULES)


@adamw_step.case("three steps, one after another", judge=Afterwards())
def three(rng: Generator) -> Trial:
    memories = Memories([_memory(rng, 3, 2, 3), {}])
    return ask(Parameters(_tensors(rng)), memories, **RULES).times(3)


@adamw_step.case(
    "a parameter without a gradient",
    judge=Afterwards(),
    hint="It is not touched, not even by the decay, and its memory stays as it is.",
)
def no_gradient(rng: Generator) -> list[Trial]:
    tensors = _tensors(rng)
    tensors["a"] = (tensors["a"][0], None)
    memories = Memories([_memory(rng, 7, 2, 3), _memory(rng, 2, 4)])
    return [
        ask(Parameters(tensors), memories, **RULES),
        ask(Parameters(tensors), Memories([{}, {}]), **RULES),
    ]


@adamw_step.case(
    "tiny gradients, gradients of 0, and a decay that is all",
    judge=Afterwards(),
    hint="eps is as large as the gradients here: where exactly it is added can be seen.",
)
def tiny(rng: Generator) -> list[Trial]:
    small = {**RULES, "eps": 1e-6, "weight_decay": 0.0}
    return [
        ask(Parameters(_tensors(rng, 1e-6)), Memories([{}, {}]), **small),
        ask(Parameters(_tensors(rng, 0.0)), Memories([{}, {}]), **RULES),
        ask(Parameters(_tensors(rng)), Memories([{}, {}]), 0.0, (0.8, 0.95), 1e-2, 0.5),
    ]


@adamw_step.case("the usual settings", 0.5, judge=Afterwards())
def usual(rng: Generator) -> Trial:
    memories = Memories([_memory(rng, 7, 2, 3), _memory(rng, 2, 4)])
    return ask(Parameters(_tensors(rng)), memories)


@adamw_step.case("hidden", hidden=True, judge=Afterwards())
def hidden(rng: Generator) -> list[Trial]:
    memories = Memories([_memory(rng, 4, 2, 3), _memory(rng, 11, 4)])
    rules = ({"lr": 0.3, "weight_decay": 0.2}, {"lr": 0.02, "betas": (0.5, 0.7), "eps": 0.3})
    return [ask(Parameters(_tensors(rng)), memories, **one) for one in rules]


@adamw_step.house_rules(0.5, judge=Afterwards())
def typical(rng: Generator) -> Trial:
    memories = Memories([_memory(rng, 7, 2, 3), _memory(rng, 2, 4)])
    return ask(Parameters(_tensors(rng)), memories, **RULES)


@adamw_step.variant
@torch.no_grad()
def in_place(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    for i, p in enumerate(parameters):
        if p.grad is None:
            continue
        memory = memories[i]
        if not memory:
            memory.update(step=0, mean=torch.zeros_like(p), square=torch.zeros_like(p))
        memory["step"] += 1
        memory["mean"].mul_(betas[0]).add_(p.grad, alpha=1 - betas[0])
        memory["square"].mul_(betas[1]).addcmul_(p.grad, p.grad, value=1 - betas[1])
        p.mul_(1 - lr * weight_decay)
        rate = lr / (1 - betas[0] ** memory["step"])
        spread = (memory["square"] / (1 - betas[1] ** memory["step"])).sqrt()
        p.addcdiv_(memory["mean"], spread + eps, value=-rate)


@adamw_step.variant
def through_data(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    b1, b2 = betas
    for p, memory in zip(parameters, memories, strict=True):
        if p.grad is not None:
            g = p.grad.clone()
            t = memory.get("step", 0) + 1
            m = b1 * memory.get("mean", torch.zeros_like(g)) + g - b1 * g
            v = b2 * memory.get("square", torch.zeros_like(g)) + (1 - b2) * g**2
            memory["step"], memory["mean"], memory["square"] = t, m, v
            move = (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
            p.data = p.data - lr * weight_decay * p.data - lr * move


@adamw_step.variant
def with_lerp(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    pairs = [(p, m) for p, m in zip(parameters, memories, strict=True) if p.grad is not None]
    with torch.no_grad():
        for p, memory in pairs:
            news = {"mean": (p.grad, betas[0]), "square": (p.grad * p.grad, betas[1])}
            for name, (value, beta) in news.items():
                old = memory.setdefault(name, torch.zeros_like(p))
                memory[name] = torch.lerp(old, value, 1 - beta)
            memory["step"] = memory.setdefault("step", 0) + 1
            root = 1 - betas[1] ** memory["step"]
            scale = lr * root**0.5 / (1 - betas[0] ** memory["step"])
            new = p * (1 - lr * weight_decay)
            p.copy_(new - scale * memory["mean"] / (memory["square"].sqrt() + eps * root**0.5))
