"""What goes wrong in zero1_step as a step of training: gradients, memories, the loss."""

import torch

from autograder.exercises.memory_and_parallelism.zero1_step import zero1_step
from autograder.exercises.memory_and_parallelism.zero1_step_mistakes import (
    backward,
    sharded,
    stepped,
    summed,
    vector,
    write,
)
from gradus.objective import lm_loss
from gradus.parallel.ring import ring_all_reduce


@zero1_step.mistake(
    "Nothing is exchanged: every rank makes the whole step with its own gradients.",
    "Do the ranks still have the same model after the step?",
)
def alone(link, model, ids, padding, memory, lr=1e-3):
    model.zero_grad()
    loss = lm_loss(model(ids, padding), ids, padding)
    loss.backward()
    learning = [p for p in model.parameters() if p.requires_grad]
    grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
    flat = torch.cat([g.flatten() for g in grads])
    write(learning, stepped(vector(learning), flat, memory, lr))
    return loss.detach()


@zero1_step.mistake(
    "Every rank weighs the same: it takes the mean of the ranks' means.",
    "One rank makes 2 predictions, another 20. Which single prediction has more say?",
)
def mean_of_means(link, model, ids, padding, memory, lr=1e-3):
    found = backward(link, model, ids, padding, lambda _: torch.tensor(1.0))
    return sharded(link, found, memory, lr)


@zero1_step.mistake(
    "Ranks are weighed by their number of texts.",
    "Which makes more predictions: two texts of 2 tokens, or one of 9?",
)
def by_texts(link, model, ids, padding, memory, lr=1e-3):
    found = backward(link, model, ids, padding, lambda real: torch.tensor(float(len(real))))
    return sharded(link, found, memory, lr)


@zero1_step.mistake(
    "Gradients are summed over all predictions and never divided by their number.",
    "Is the loss of the whole batch a sum, or a mean?",
)
def never_divided(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    total = summed(link, (padding[:, 1:] & padding[:, :-1]).sum())
    return sharded(link, (learning, flat * total.clamp(min=1), loss), memory, lr)


@zero1_step.mistake(
    "The gradients are divided by the number of predictions, and by the number of ranks as well.",
    "What is left to divide once all predictions weigh the same?",
)
def divided_twice(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    return sharded(link, (learning, flat / link.size, loss), memory, lr)


@zero1_step.mistake(
    "Gradients of the last step are still there, and are added to those of this one.",
    "When are a parameter's gradients cleared?",
)
def never_cleared(link, model, ids, padding, memory, lr=1e-3):
    return sharded(link, backward(link, model, ids, padding, keep_old=True), memory, lr)


@zero1_step.mistake(
    "Every step begins with a new memory: the optimizer forgets what came before.",
    "What is in the `memory` that you were given, after your step?",
)
def forgets(link, model, ids, padding, memory, lr=1e-3):
    return sharded(link, backward(link, model, ids, padding), {}, lr)


@zero1_step.mistake(
    "The weights decay: `adamw_step` does that unless it is told not to.",
    "What is `weight_decay` in adamw_step if you do not give it?",
)
def decays(link, model, ids, padding, memory, lr=1e-3):
    return sharded(link, backward(link, model, ids, padding), memory, lr, decay=0.01)


@zero1_step.mistake("`lr` is not handed on.", "Where in your code is `lr`?")
def lr_unused(link, model, ids, padding, memory, lr=1e-3):
    return sharded(link, backward(link, model, ids, padding), memory, 1e-3)


@zero1_step.mistake(
    "Parameters without a gradient are left out on some ranks and not on others, so the ranks send "
    "each other different things.",
    "One rank uses a parameter, another does not. How long is the vector of each of them?",
)
def none_left_out(link, model, ids, padding, memory, lr=1e-3):
    learning, _, loss = backward(link, model, ids, padding)
    count = (padding[:, 1:] & padding[:, :-1]).sum()
    total = summed(link, count).clamp(min=1)
    learning = [p for p in learning if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in learning]) / total
    return sharded(link, (learning, flat, loss), memory, lr)


@zero1_step.mistake(
    "The vector of the weights holds the frozen ones, too; that of the gradients does not: they do "
    "not lie side by side.",
    "Which parameters are in each of your two vectors?",
)
def frozen_among_weights(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    numbers = vector(model.parameters())

    def step(own):
        flat[own] = stepped(numbers[own], flat[own], memory, lr)

    ring_all_reduce(link, flat, step)
    write(learning, flat)
    return loss


@zero1_step.mistake(
    "The model is right; the loss that is returned is that of the rank's own texts.",
    "Which loss would one process have with all texts?",
)
def own_loss(link, model, ids, padding, memory, lr=1e-3):
    with torch.no_grad():
        own = lm_loss(model(ids, padding), ids, padding)
    sharded(link, backward(link, model, ids, padding), memory, lr)
    return own


@zero1_step.mistake(
    "The model is right; the loss that is returned is the mean of the ranks' losses.",
    "Does a rank with two predictions have as much say in the loss as one with twenty?",
)
def mean_loss(link, model, ids, padding, memory, lr=1e-3):
    with torch.no_grad():
        own = lm_loss(model(ids, padding), ids, padding)
    sharded(link, backward(link, model, ids, padding), memory, lr)
    return summed(link, own)[0] / link.size
