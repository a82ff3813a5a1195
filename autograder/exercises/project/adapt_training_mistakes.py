"""Wrong answers for adapt: how it trains."""

import torch
from torch import cat, nn
from torch.nn import functional as F

from autograder.exercises.project.adapt import adapt, quota
from autograder.exercises.project.adapt_mistakes import add
from autograder.exercises.project.adapting import exchange
from gradus.batches import get_batch
from gradus.schedule import cosine_lr


def from_scratch(model, generator):
    """Begin with weights of 0."""
    for parameter in model.parameters():
        nn.init.zeros_(parameter)


add(
    "The training starts from scratch: what the model knew is gone.",
    "What is the loss before the first step, and what is it right after it?",
    begin=from_scratch,
)
add(
    "The fraction is that of the general text.",
    "With a fraction of 1, which text is read?",
    share=lambda step, batch, fraction: batch - quota(step, batch, fraction),
)
add(
    "The fraction is rounded in each step by itself, so that a small one vanishes.",
    "A tenth of 4 windows: how many is it in one step, and how many in ten?",
    share=lambda step, batch, fraction: round(batch * fraction),
)
add(
    "The fraction is rounded up in each step, so that a small one grows.",
    "A tenth of 4 windows: how many is it in one step, and how many in ten?",
    share=lambda step, batch, fraction: min(batch, -int(-batch * fraction // 1)),
)
add(
    "The domain comes at the end, all of it at once.",
    "When does the model read the general text that keeps it from forgetting?",
    share=lambda step, batch, fraction: batch if fraction * 10 > 10 - step % 10 else 0,
)


def halves(model, pieces):
    """Each text's mean weighs the same."""
    losses = [F.cross_entropy(model(x).mT, y) for x, y in pieces]
    return sum(losses) / len(losses)


def summed(model, pieces):
    """The means are added."""
    return sum(F.cross_entropy(model(x).mT, y) for x, y in pieces)


def domain_only(model, pieces):
    """Only the first text's loss is learned from."""
    x, y = pieces[0]
    return F.cross_entropy(model(x).mT, y)


add(
    "Each text's mean loss weighs the same, however many windows it has.",
    "One window of the domain, nine general ones: how much should each token weigh?",
    loss=halves,
)
add(
    "The two texts' mean losses are added up.",
    "One window of the domain, nine general ones: how much should each token weigh?",
    loss=summed,
)
add(
    "The general windows are drawn, but nothing is learned from them.",
    "Which windows are in the loss?",
    loss=domain_only,
)


def general_first(general, domain, many, batch, seq, generator):
    """The general windows are drawn first."""
    pairs = ((general[0], batch - many), (domain[0], many))
    return [get_batch(ids, n, seq, generator) for ids, n in pairs if n]


def held_out(general, domain, many, batch, seq, generator):
    """The held-out part of the domain is trained on."""
    pairs = ((domain[1], many), (general[0], batch - many))
    return [get_batch(ids, n, seq, generator) for ids, n in pairs if n]


def one_text(general, domain, many, batch, seq, generator):
    """Both texts are one."""
    return [get_batch(cat([domain[0], general[0]]), batch, seq, generator)]


add(
    "The general windows are drawn before those of the domain.",
    "Which windows come first, by the docstring?",
    windows=general_first,
)
add(
    "The model trains on the part of the domain that is held out.",
    "What is the held-out text for?",
    windows=held_out,
)
add(
    "Both texts are joined, so their sizes decide how much of each is read.",
    "What is the argument `fraction` for?",
    windows=one_text,
)
add(
    "The rate never changes: no warm-up, no way down.",
    "Adam knows nothing of this text yet. How large a step may it dare?",
    rate=lambda step, lr, steps: lr,
)
add(
    "There is no warm-up.",
    "Adam knows nothing of this text yet. How large a step may it dare?",
    rate=lambda step, lr, steps: cosine_lr(step, lr, 0, steps),
)
add(
    "After the warm-up the rate stays where it is.",
    "What is the rate of the last step?",
    rate=lambda step, lr, steps: lr * min(1.0, step / max(steps // 10, 1)) if steps > 9 else lr,
)
add(
    "The rate is that of the next step: steps are counted from 1.",
    "What is the rate of the first step, with a warm-up?",
    rate=lambda step, lr, steps: cosine_lr(step + 1, lr, steps // 10, steps),
)
add(
    "The gradient of the steps before is not put away.",
    "What does backward() do with a gradient that is there already?",
    forget=False,
)
add(
    "Every step makes a new optimizer, which remembers nothing.",
    "What does AdamW need to know of the steps before?",
    anew=True,
)
add(
    "The optimizer is SGD.",
    "Which optimizer does the docstring name?",
    optimize=lambda model, lr: torch.optim.SGD(model.parameters(), lr),
)
add(
    "Adam without the decay of AdamW.",
    "What does the W stand for?",
    optimize=lambda model, lr: torch.optim.Adam(model.parameters(), lr),
)
add(
    "The model is not put into train mode: no dropout while it learns.",
    "Does measuring leave the model in the mode that training needs?",
    learns=None,
)
add(
    "The model is left in train mode.",
    "In which mode did it come, and in which does it go?",
    leaves=True,
)
add(
    "The model is left in eval mode, whatever mode it came in.",
    "In which mode did it come, and in which does it go?",
    leaves=False,
)


@adapt.mistake("The model reads one step too few.", "How many steps are step 0 to step 9?")
def one_less(model, general, domain, fraction, steps=100, **settings):
    return exchange()(model, general, domain, fraction, steps=max(steps - 1, 0), **settings)
