"""What goes wrong in adamw_step: what is written where."""

import torch

from autograder.exercises.decoder.adamw_step import adamw_step
from autograder.exercises.decoder.adamw_step_mistakes import plain, step_of


@adamw_step.mistake(
    "All parameters share one count of steps.",
    "Parameter 0 has made 7 steps and parameter 1 has made 2. Whose number do you use?",
)
def shared_count(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    most = max(memory.get("step", 0) for memory in memories)
    for memory in memories:
        memory["step"] = most
    step_of(parameters, memories, lr, betas, eps, weight_decay)


@adamw_step.mistake(
    "The new values are given a new name: the parameters themselves stay as they were.",
    "After p = p - ..., what is in the model?",
)
def rebound(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    still = {"decay": plain, "move": lambda p, change: p + change}
    step_of(parameters, memories, lr, betas, eps, weight_decay, **still)


@adamw_step.mistake(
    "A step is not remembered: the memories stay empty.",
    "Where do you put the running means, so that the next step finds them?",
)
def forgets(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    step_of(parameters, [dict(m) for m in memories], lr, betas, eps, weight_decay)


@adamw_step.mistake(
    "The gradients are emptied after the step.", "Who clears the gradients, says the task?"
)
def emptied(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    step_of(parameters, memories, lr, betas, eps, weight_decay)
    for p in parameters:
        p.grad = None


@adamw_step.mistake(
    "The gradients themselves are changed.", "Which tensor do you multiply in place?"
)
@torch.no_grad()
def gradients_changed(
    parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01
):
    step_of(parameters, memories, lr, betas, eps, weight_decay)
    for p in parameters:
        if p.grad is not None:
            p.grad.mul_(1 - betas[0])


@adamw_step.mistake(
    "The parameters are changed outside of torch.no_grad, which torch refuses.",
    "May a leaf that wants a gradient be changed in place, while torch is watching?",
)
def watched(parameters, memories, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    for p in parameters:
        p.mul_(1 - lr * weight_decay)
