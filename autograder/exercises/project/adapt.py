"""adapt: a trained model goes on learning, and both texts are measured before and after."""

import math
from typing import Any

import torch
from torch import Generator, cat, float64, randint, randn
from torch.nn import functional as F
from torch.optim.lr_scheduler import LambdaLR

from autograder.apprentice import Apprentice
from autograder.exercise import Exercise
from autograder.exercises.project.adapted import KEYS, Adapted
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import adaptation as reference
from gradus.batches import get_batch
from gradus.schedule import cosine_lr
from gradus.training.loop import evaluate

adapt = Exercise(reference.adapt)

VOCAB = 6
JUDGE = Adapted()


def corpus(rng: Generator, length: int, held: int, size: int, tokens: int = VOCAB) -> Any:
    """A text over some of the tokens, the same with others held out, and its bytes."""
    train = randint(tokens, (length,), generator=rng)
    return (train, randint(tokens, (held,), generator=rng), size)


def question(rng: Generator, fraction: float, training: bool = False, **settings: Any) -> Trial:
    """A model, two texts that differ, and settings small enough to watch."""
    model = Apprentice({"table": randn(VOCAB, VOCAB, generator=rng, dtype=float64)}, training)
    general, domain = corpus(rng, 60, 23, 71), corpus(rng, 40, 17, 29, 3)
    seed = int(randint(10_000, (), generator=rng))
    given = {"steps": 6, "batch": 5, "seq": 4, "lr": 0.1, **settings}
    return ask(model, general, domain, fraction, **given, generator=Seeded(seed))


@adapt.case(
    "no steps at all: both texts are measured",
    judge=JUDGE,
    hint="Nats for each token held out; its tokens; its bytes; nats in a bit.",
)
def measured(rng: Generator) -> Trial:
    return question(rng, 0.4, steps=0)


@adapt.case("one step on the domain alone", judge=JUDGE, hint="What is the rate of step 0?")
def one_step(rng: Generator) -> Trial:
    return question(rng, 1.0, steps=1)


@adapt.case(
    "a few steps on the general text alone",
    judge=JUDGE,
    hint="The optimizer remembers from step to step; the gradient must not.",
)
def general_only(rng: Generator) -> Trial:
    return question(rng, 0.0, steps=4)


@adapt.case(
    "both texts in every step",
    1.5,
    judge=JUDGE,
    hint="How many of a step's windows are the domain's? Who draws first? Do all weigh the same?",
)
def both(rng: Generator) -> Trial:
    return question(rng, 0.4)


@adapt.case(
    "a fraction too small for every step",
    judge=JUDGE,
    hint="A tenth of 4 windows is less than one. How many are it in 10 steps together?",
)
def small(rng: Generator) -> Trial:
    return question(rng, 0.1, steps=9, batch=4)


@adapt.case(
    "a warm-up, and the way down",
    judge=JUDGE,
    hint="With 24 steps, 2 are the warm-up. Look at the rate in steps 0, 1, 2 and 23.",
)
def warm(rng: Generator) -> Trial:
    return question(rng, 0.6, steps=24, batch=3)


@adapt.case("a model that comes in train mode", 0.5, judge=JUDGE)
def in_train_mode(rng: Generator) -> Trial:
    return question(rng, 0.5, True, steps=3, batch=4)


@adapt.case("fractions that are none", 0.5, judge=JUDGE)
def refused(rng: Generator) -> list[Trial]:
    return [question(rng, 1.5), question(rng, -0.1), question(rng, 30.0)]


@adapt.case("hidden", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> Trial:
    return question(rng, 0.3, steps=12, batch=6, seq=5)


@adapt.house_rules(0.25, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    return question(rng, 0.4, steps=2)


def bits(model, text, seq):
    """Bits per byte of what is held out."""
    _, held, size = text
    return evaluate(model, held, seq) * len(held) / size / math.log(2)


def refuse(fraction):
    """Raise where the reference does."""
    if fraction < 0 or fraction > 1:
        raise ValueError("no fraction")


def quota(step, batch, fraction):
    """How many windows of a step are the domain's."""
    return round((step + 1) * batch * fraction) - round(step * batch * fraction)


@adapt.variant
def with_a_scheduler(
    model, general, domain, fraction, steps=100, batch=16, seq=64, lr=1e-3, generator=None
):
    refuse(fraction)
    start = (bits(model, general, seq), bits(model, domain, seq))
    was = model.training
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0)
    rates = LambdaLR(optimizer, lambda step: cosine_lr(step, lr, steps // 10, steps))
    drawn_so_far = 0
    for step in range(steps):
        wanted = round((step + 1) * batch * fraction)
        many, drawn_so_far = wanted - drawn_so_far, wanted
        windows = []
        if many > 0:
            windows.append(get_batch(domain[0], many, seq, generator))
        if many < batch:
            windows.append(get_batch(general[0], batch - many, seq, generator))
        x = cat([window[0] for window in windows])
        y = cat([window[1] for window in windows])
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        model.zero_grad()
        loss.backward()
        optimizer.step()
        rates.step()
    model.train(was)
    return {
        "domain": (start[1], bits(model, domain, seq)),
        "general": (start[0], bits(model, general, seq)),
    }


@adapt.variant
def two_weighted_losses(
    model, general, domain, fraction, steps=100, batch=16, seq=64, lr=1e-3, generator=None
):
    if not 0 <= fraction <= 1:
        raise ValueError(fraction)
    texts = {"general": general, "domain": domain}
    before = {name: bits(model, text, seq) for name, text in texts.items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    was = model.training
    for step in range(steps):
        model.train()
        optimizer.param_groups[0]["lr"] = cosine_lr(step, lr, steps // 10, steps)
        many = quota(step, batch, fraction)
        for text, share in ((domain, many), (general, batch - many)):
            if share:
                x, y = get_batch(text[0], share, seq, generator)
                loss = F.cross_entropy(model(x).mT, y) * share / batch
                loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.train(was)
    return {name: (before[name], bits(model, text, seq)) for name, text in texts.items()}


@adapt.variant
def with_lists(
    model, general, domain, fraction, steps=100, batch=16, seq=64, lr=1e-3, generator=None
):
    """Which text each window of the whole run comes from is settled before the first step."""
    refuse(fraction)
    report = {
        name: [bits(model, text, seq)] for name, text in zip(KEYS, (general, domain), strict=True)
    }
    plan = [[True] * (n := quota(s, batch, fraction)) + [False] * (batch - n) for s in range(steps)]
    was, optimizer = model.training, torch.optim.AdamW(model.parameters(), lr)
    model.train(True)
    for step, windows in enumerate(plan):
        many = sum(windows)
        pieces = [get_batch(domain[0], many, seq, generator)] if many else []
        pieces += [get_batch(general[0], batch - many, seq, generator)] if many < batch else []
        xs, ys = zip(*pieces, strict=True)
        logs = model(cat(xs)).log_softmax(-1)
        loss = -logs.gather(-1, cat(ys)[..., None]).mean()
        optimizer.zero_grad()
        loss.backward()
        for group in optimizer.param_groups:
            group["lr"] = cosine_lr(step, lr, steps // 10, steps, 0.0)
        optimizer.step()
    model.train(was)
    for name, text in zip(KEYS, (general, domain), strict=True):
        report[name] = (*report[name], bits(model, text, seq))
    return report
