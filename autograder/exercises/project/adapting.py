"""One way to adapt a model in which each part can be exchanged: what wrong answers are made of."""

import torch
from torch import cat
from torch.nn import functional as F

from autograder.exercises.project.adapt import bits, quota, refuse
from gradus.batches import get_batch
from gradus.schedule import cosine_lr


def usual_rate(step, lr, steps):
    """The rate of a step."""
    return cosine_lr(step, lr, steps // 10, steps)


def usual_windows(general, domain, many, batch, seq, generator):
    """A step's windows, text by text."""
    pairs = ((domain[0], many), (general[0], batch - many))
    return [get_batch(ids, n, seq, generator) for ids, n in pairs if n]


def usual_loss(model, pieces):
    """The mean over all tokens of the step."""
    x, y = (cat(part) for part in zip(*pieces, strict=True))
    return F.cross_entropy(model(x).mT, y)


def usual_report(before, after):
    """Before and after, by the names of the texts."""
    return {name: (bits, late) for (name, bits), late in zip(before.items(), after, strict=True)}


def exchange(
    *,
    check=refuse,
    measure=bits,
    begin=lambda model, generator: None,
    optimize=lambda model, lr: torch.optim.AdamW(model.parameters(), lr),
    rate=usual_rate,
    share=quota,
    windows=usual_windows,
    loss=usual_loss,
    learns=True,
    leaves=None,
    forget=True,
    anew=False,
    report=usual_report,
):
    """Return an answer to `adapt` with some of its parts exchanged."""

    def answer(
        model, general, domain, fraction, steps=100, batch=16, seq=64, lr=1e-3, generator=None
    ):
        check(fraction)
        texts = {"general": general, "domain": domain}
        before = {name: measure(model, text, seq) for name, text in texts.items()}
        begin(model, generator)
        was = model.training
        model.train(learns if learns is not None else was)
        optimizer = optimize(model, lr)
        for step in range(steps):
            optimizer = optimize(model, lr) if anew else optimizer
            many = share(step, batch, fraction)
            pieces = windows(general, domain, many, batch, seq, generator)
            for group in optimizer.param_groups:
                group["lr"] = rate(step, lr, steps)
            if forget:
                optimizer.zero_grad()
            loss(model, pieces).backward()
            optimizer.step()
        model.train(was if leaves is None else leaves)
        return report(before, [measure(model, text, seq) for text in texts.values()])

    return answer
