"""What goes wrong in ddp_step between the ranks: what goes round, when, of which parameters."""

import torch

from autograder.exercises.memory_and_parallelism.ddp_step import ddp_step
from autograder.exercises.memory_and_parallelism.ddp_step_mistakes import counted, in_parallel
from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.ring import ring_all_reduce


def total_of(link, number):
    """The sum of a number over all ranks."""
    x = torch.as_tensor(number).detach().double().reshape(1).clone()
    ring_all_reduce(link, x)
    return x[0]


def own_gradients(link, model, ids, padding):
    """Go backward on a rank's own texts, weighed rightly; return its share of the loss."""
    model.zero_grad()
    total = total_of(link, counted(padding)).clamp(min=1)
    loss = lm_loss(model(ids, padding), ids, padding) * counted(padding) / total
    loss.backward()
    return loss.detach()


def learning_of(model):
    """The parameters that are trained; those without a gradient get one of 0."""
    learning = [p for p in model.parameters() if p.requires_grad]
    for p in learning:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    return learning


@ddp_step.mistake(
    "Nothing is exchanged: every rank learns from its own texts only.",
    "Do the ranks still have the same model after the step?",
)
def alone(link, model, ids, padding, memories, lr=1e-3):
    model.zero_grad()
    loss = lm_loss(model(ids, padding), ids, padding)
    loss.backward()
    adamw_step(learning_of(model), memories, lr, weight_decay=0.0)
    return loss.detach()


@ddp_step.mistake(
    "Losses are exchanged, gradients are not.",
    "What does a rank have to know of the others' texts to make the same step as they do?",
)
def losses_only(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    adamw_step(learning_of(model), memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Every rank makes a step of its own, and then the weights are averaged.",
    "Adam divides by the size of the gradient. Is the mean of two steps the step of the mean?",
)
@torch.no_grad()
def weights_averaged(link, model, ids, padding, memories, lr=1e-3):
    with torch.enable_grad():
        loss = own_gradients(link, model, ids, padding)
    learning = learning_of(model)
    adamw_step(learning, memories, lr, weight_decay=0.0)
    for p in learning:
        flat = p.flatten().clone()
        ring_all_reduce(link, flat)
        p.copy_(flat.view_as(p) / link.size)
    return total_of(link, loss)


@ddp_step.mistake(
    "The gradients go round before backward has made them.",
    "Which gradients are there when your ring begins?",
)
def too_early(link, model, ids, padding, memories, lr=1e-3):
    model.zero_grad()
    learning = learning_of(model)
    for p in learning:
        flat = p.grad.flatten()
        ring_all_reduce(link, flat)
        p.grad = flat.view_as(p)
    total = total_of(link, counted(padding)).clamp(min=1)
    loss = lm_loss(model(ids, padding), ids, padding) * counted(padding) / total
    loss.backward()
    adamw_step(learning, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Parameters without a gradient are left out on some ranks and not on others, so the ranks send "
    "each other different things.",
    "One rank uses a parameter, another does not. What does each of them put into the ring?",
)
def none_left_out(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    for p in model.parameters():
        if p.grad is not None:
            flat = p.grad.flatten().clone()
            ring_all_reduce(link, flat)
            p.grad = flat.view_as(p)
    learning = [p for p in model.parameters() if p.requires_grad]
    adamw_step(learning, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "A parameter that is used in two places goes round twice, and its gradient is too large.",
    "The table of tokens is the last layer as well. How often does your loop come across it?",
)
def tied_twice(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    learning = learning_of(model)
    for _, p in model.named_parameters(remove_duplicate=False):
        if p.requires_grad:
            flat = p.grad.flatten().clone()
            ring_all_reduce(link, flat)
            p.grad = flat.view_as(p)
    adamw_step(learning, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Parameters that are frozen take part in the step: there are more of them than memories.",
    "Which parameters does `memories` have a dictionary for?",
)
def frozen_too(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    every = list(model.parameters())
    for p in every:
        flat = torch.zeros(p.numel(), dtype=p.dtype) if p.grad is None else p.grad.flatten()
        ring_all_reduce(link, flat)
        p.grad = flat.view_as(p)
    adamw_step(every, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Only rank 0 makes the step; the others keep their old weights.",
    "Which ranks begin the next step with the new model?",
)
def rank_0_only(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    learning = learning_of(model)
    for p in learning:
        flat = p.grad.flatten()
        ring_all_reduce(link, flat)
        p.grad = flat.view_as(p)
    if link.rank == 0:
        adamw_step(learning, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Every rank sends its gradients to every other, whole.",
    "What has your ring_all_reduce been written for?",
)
def to_everyone(link, model, ids, padding, memories, lr=1e-3):
    loss = own_gradients(link, model, ids, padding)
    learning = learning_of(model)
    flat = torch.cat([p.grad.flatten() for p in learning])
    others = [rank for rank in range(link.size) if rank != link.rank]
    for rank in others:
        link.send(flat, rank)
    for rank in others:
        flat = flat + link.receive(rank)
    for p, piece in zip(learning, flat.split([p.numel() for p in learning]), strict=True):
        p.grad = piece.view_as(p)
    adamw_step(learning, memories, lr, weight_decay=0.0)
    return total_of(link, loss)


@ddp_step.mistake(
    "Besides the gradients, the new weights go round: twice the bytes for what all have anyway.",
    "If all ranks start alike and make the same step, what do they still have to tell each other?",
)
@torch.no_grad()
def weights_too(link, model, ids, padding, memories, lr=1e-3):
    with torch.enable_grad():
        loss = in_parallel(link, model, ids, padding, memories, lr)
    for p in learning_of(model):
        flat = p.flatten().clone() / link.size
        ring_all_reduce(link, flat)
        p.copy_(flat.view_as(p))
    return loss


@ddp_step.mistake(
    "The texts of all ranks are sent round, and every rank trains on all of them.",
    "How many texts does each rank have to read? What are the other ranks good for?",
)
def texts_exchanged(link, model, ids, padding, memories, lr=1e-3):
    others = [rank for rank in range(link.size) if rank != link.rank]
    for rank in others:
        link.send(ids, rank)
        link.send(padding, rank)
    pairs = [(ids, padding)] + [(link.receive(rank), link.receive(rank)) for rank in others]
    total = sum(counted(real) for _, real in pairs).clamp(min=1)
    model.zero_grad()
    losses = [lm_loss(model(i, real), i, real) * counted(real) / total for i, real in pairs]
    sum(losses).backward()
    adamw_step(learning_of(model), memories, lr, weight_decay=0.0)
    return sum(losses).detach()
