"""What goes wrong in adamw_step."""

from functools import partial

import torch

from autograder.exercises.decoder.adamw_step import adamw_step


@torch.no_grad()
def step_of(
    parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, *,
    gradient=lambda p, wd: p.grad, count=1, first_mean=None, grows=True, square=torch.square,
    mean_up=lambda m, t, b: m / (1 - b**t), square_up=lambda v, t, b: v / (1 - b**t),
    root=lambda v, eps: v.sqrt() + eps,
    decay=lambda p, lr, wd: p.mul_(1 - lr * wd), sign=-1, skips=True, stops=False,
    late=False, move=None,
):  # fmt: skip
    """One step that can be spoiled at every place."""
    b1, b2 = betas
    for p, memory in zip(parameters, memories, strict=True):
        if p.grad is None and not stops:
            if not skips:
                decay(p, lr, weight_decay)
            continue
        g = gradient(p, weight_decay)
        t = memory.get("step", count - 1) + 1
        if first_mean and "mean" not in memory:
            memory["mean"], memory["square"] = g.clone(), g.square()
        else:
            memory["mean"] = b1 * memory.get("mean", 0) + (1 - b1) * g
            memory["square"] = b2 * memory.get("square", 0) + (1 - b2) * square(g)
        memory["step"] = t if grows else memory.get("step", 0)
        m, v = mean_up(memory["mean"], t, b1), square_up(memory["square"], t, b2)
        if not late:
            decay(p, lr, weight_decay)
        (move or _moved)(p, sign * lr * m / root(v, eps))
        if late:
            decay(p, lr, weight_decay)


def _moved(p, change):
    p.add_(change)


def plain(p, lr, wd):
    """No decay."""


def _as_it_is(value, t, beta):
    return value


adamw_step.mistake(
    "The decay is added to the gradient, as in Adam with L2, so the means learn it too.",
    "What is the W in AdamW: does the decay go through the means?",
)(partial(step_of, gradient=lambda p, wd: p.grad + wd * p, decay=plain))

adamw_step.mistake("Nothing decays.", "Where in your code is `weight_decay`?")(
    partial(step_of, decay=plain)
)

adamw_step.mistake(
    "The decay is not multiplied by the learning rate.",
    "By which number is a parameter multiplied, if lr is 0.1 and weight_decay 0.5?",
)(partial(step_of, decay=lambda p, lr, wd: p.mul_(1 - wd)))

adamw_step.mistake(
    "The parameter is multiplied by lr · weight_decay, not by what is left of 1.",
    "Does a small decay leave much of a parameter, or little?",
)(partial(step_of, decay=lambda p, lr, wd: p.mul_(lr * wd)))

adamw_step.mistake(
    "The decay takes the same from every number: lr · weight_decay itself, not that share of it.",
    "By how much should 0 decay, and by how much 100?",
)(partial(step_of, decay=lambda p, lr, wd: p.sub_(lr * wd)))

adamw_step.mistake(
    "The decay pushes parameters away from 0.", "Should a parameter grow by its decay?"
)(partial(step_of, decay=lambda p, lr, wd: p.mul_(1 + lr * wd)))

adamw_step.mistake(
    "The decay comes after the step, so the step decays as well.",
    "In which order does the task name decay and step?",
)(partial(step_of, late=True))

adamw_step.mistake(
    "A parameter without a gradient decays all the same.",
    "What may change when there is no gradient?",
)(partial(step_of, skips=False))

adamw_step.mistake(
    "A parameter without a gradient ends it in an error.", "Of what type is grad before backward?"
)(partial(step_of, gradient=lambda p, wd: +p.grad, stops=True))

adamw_step.mistake(
    "Neither mean is corrected for having begun at 0.",
    "After the first step, how large is the running mean of g, compared with g?",
)(partial(step_of, mean_up=_as_it_is, square_up=_as_it_is))

adamw_step.mistake(
    "The running mean of g is not corrected; that of g² is.",
    "How many means began at 0?",
)(partial(step_of, mean_up=_as_it_is))

adamw_step.mistake(
    "The running mean of g² is not corrected; that of g is.",
    "How many means began at 0?",
)(partial(step_of, square_up=_as_it_is))


@adamw_step.mistake(
    "The corrected means are stored, so the next step corrects them once more.",
    "Which of the two belongs in the memory: the running mean, or m?",
)
@torch.no_grad()
def corrected_kept(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    step_of(parameters, memories, lr, betas, eps, weight_decay)
    for p, memory in zip(parameters, memories, strict=True):
        if p.grad is not None:
            memory["mean"] = memory["mean"] / (1 - betas[0] ** memory["step"])
            memory["square"] = memory["square"] / (1 - betas[1] ** memory["step"])


adamw_step.mistake(
    "The count of steps is one behind: the first correction divides by 1 - beta^0, which is 0.",
    "Which number has the first step: 0 or 1?",
)(
    partial(
        step_of,
        mean_up=lambda m, t, b: m / (1 - b ** (t - 1)),
        square_up=lambda v, t, b: v / (1 - b ** (t - 1)),
    )
)

adamw_step.mistake(
    "The correction multiplies beta by the number of steps; it should be its power.",
    "After t steps, how much of the 0 that a mean began with is left?",
)(
    partial(
        step_of,
        mean_up=lambda m, t, b: m / (1 - b * t),
        square_up=lambda v, t, b: v / (1 - b * t),
    )
)

adamw_step.mistake(
    "The count of steps never grows, so every step is corrected like the first.",
    "Is the new number of steps put back into the memory?",
)(partial(step_of, grows=False))

adamw_step.mistake(
    "The count of steps begins at 1 and is 2 after the first step.",
    "What is the number of steps made, before the first?",
)(partial(step_of, count=2))

adamw_step.mistake(
    "The means begin as the first gradient, not at 0.",
    "What are the running means before the first step?",
)(partial(step_of, first_mean=True))

adamw_step.mistake(
    "The running mean of |g| is kept, not that of g².", "What is under the square root?"
)(partial(step_of, square=torch.abs))

adamw_step.mistake(
    "There is no square root: the mean of g² divides as it is.",
    "By what is m divided, and in which unit is it: that of g, or of g²?",
)(partial(step_of, root=lambda v, eps: v + eps))

adamw_step.mistake(
    "eps is added inside the square root.", "What is the root of eps, if eps is 0.01?"
)(partial(step_of, root=lambda v, eps: (v + eps).sqrt()))

adamw_step.mistake("eps is left out: a gradient of 0 becomes 0/0.", "Where is `eps`?")(
    partial(step_of, root=lambda v, eps: v.sqrt())
)

adamw_step.mistake(
    "The step goes uphill.", "In which direction does the loss fall: along the gradient?"
)(partial(step_of, sign=1))

adamw_step.mistake(
    "Nothing is divided: a step is as long as the running mean of g.",
    "How long is the first step, if the gradient is a million?",
)(partial(step_of, root=lambda v, eps: 1))


@adamw_step.mistake(
    "The two betas are exchanged.", "Which of the two belongs to g, and which to g²?"
)
def exchanged(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    step_of(parameters, memories, lr, betas[::-1], eps, weight_decay)


@adamw_step.mistake(
    "In the running means, beta and 1 - beta have changed places.",
    "If beta is 0.999, how much of the old mean is kept?",
)
def upside_down(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    turned = 1 - betas[0], 1 - betas[1]
    step_of(
        parameters, memories, lr, turned, eps, weight_decay,
        mean_up=lambda m, t, b: m / (1 - (1 - b) ** t),
        square_up=lambda v, t, b: v / (1 - (1 - b) ** t),
    )  # fmt: skip
