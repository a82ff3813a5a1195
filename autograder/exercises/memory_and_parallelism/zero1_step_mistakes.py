"""What goes wrong in zero1_step: who remembers what, and what is handed round."""

import torch
from torch import nn

from autograder.exercises.memory_and_parallelism.zero1_step import zero1_step
from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.ring import ring_all_reduce


def summed(link, *numbers):
    """The sums of a few numbers over all ranks."""
    x = torch.stack([torch.as_tensor(number).detach().double() for number in numbers])
    ring_all_reduce(link, x)
    return x


def backward(link, model, ids, padding, weigh=None, keep_old=False):
    """Go backward; return the parameters, their gradients in one vector, and the whole loss."""
    if not keep_old:
        model.zero_grad()
    count = (padding[:, 1:] & padding[:, :-1]).sum() if weigh is None else weigh(padding)
    loss = lm_loss(model(ids, padding), ids, padding) * count
    loss.backward()
    whole, total = summed(link, loss, count)
    learning = [p for p in model.parameters() if p.requires_grad]
    grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
    return (
        learning,
        torch.cat([g.flatten() for g in grads]) / total.clamp(min=1),
        whole / total.clamp(min=1),
    )


def vector(parameters):
    """All numbers of the parameters, one after another."""
    return torch.cat([p.detach().flatten() for p in parameters])


@torch.no_grad()
def write(parameters, numbers):
    """Put the numbers of a vector back into the parameters."""
    for p, new in zip(parameters, numbers.split([p.numel() for p in parameters]), strict=True):
        p.copy_(new.view_as(p))


def stepped(numbers, gradient, memory, lr, decay=0.0):
    """The numbers after a step of AdamW."""
    chunk = nn.Parameter(numbers.clone())
    chunk.grad = gradient.clone()
    adamw_step([chunk], [memory], lr, weight_decay=decay)
    return chunk.detach()


def place_of(link, n, c):
    """Where chunk c is in a vector of n numbers."""
    return slice(n * c // link.size, n * (c + 1) // link.size)


def sharded(link, found, memory, lr, decay=0.0):
    """The step as it should be, given what `backward` found."""
    learning, flat, loss = found
    numbers = vector(learning)

    def step(own):
        flat[own] = stepped(numbers[own], flat[own], memory, lr, decay)

    ring_all_reduce(link, flat, step)
    write(learning, flat)
    return loss


@zero1_step.mistake(
    "Nothing is sharded: every rank remembers everything, as in ddp_step.",
    "How many numbers does each rank remember? How many does the model have?",
)
def not_sharded(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    write(learning, stepped(vector(learning), flat, memory, lr))
    return loss


@zero1_step.mistake(
    "Every rank has means for all numbers, of which it uses its own chunk: nothing is saved.",
    "How long are the tensors in your memory? Which of their numbers are never anything but 0?",
)
def room_for_all(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    numbers = vector(learning)

    def step(own):
        only = torch.zeros_like(flat)
        only[own] = flat[own]
        flat[own] = stepped(numbers, only, memory, lr)[own]

    ring_all_reduce(link, flat, step)
    write(learning, flat)
    return loss


@zero1_step.mistake(
    "Every rank changes its own chunk, and nobody tells the others.",
    "A rank remembers nothing of the other chunks. From where does it get their new weights?",
)
def never_gathered(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    numbers, own = vector(learning), place_of(link, len(flat), (link.rank + 1) % link.size)
    numbers[own] = stepped(numbers[own], flat[own], memory, lr)
    write(learning, numbers)
    return loss


@zero1_step.mistake(
    "Gradients go round whole, and then the new weights: half as many bytes again.",
    "Who needs the gradients of a chunk, besides the rank that makes its step?",
)
def round_and_a_half(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    numbers, size = vector(learning), link.size
    places = [place_of(link, len(flat), c) for c in range(size)]
    own = places[link.rank]
    numbers[own] = stepped(numbers[own], flat[own], memory, lr)
    for step in range(size - 1):
        link.send(numbers[places[(link.rank - step) % size]], (link.rank + 1) % size)
        numbers[places[(link.rank - step - 1) % size]] = link.receive((link.rank - 1) % size)
    write(learning, numbers)
    return loss


@zero1_step.mistake(
    "Gradients go round, and the new weights in another all-reduce, each rank's among zeros: twice "
    "the bytes.",
    "What is added in your second all-reduce? Is an addition needed there?",
)
def reduced_twice(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    numbers, own = vector(learning), place_of(link, len(flat), link.rank)
    new = torch.zeros_like(numbers)
    new[own] = stepped(numbers[own], flat[own], memory, lr)
    ring_all_reduce(link, new)
    write(learning, new)
    return loss


@zero1_step.mistake(
    "Parameters are dealt out one by one, whatever their sizes: one rank gets nearly all of them.",
    "How many numbers has the largest parameter, and how many all the others together?",
)
def by_parameter(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    numbers, at = torch.zeros_like(flat), 0
    for i, p in enumerate(learning):
        place = slice(at, at + p.numel())
        if i % link.size == link.rank:
            mine = memory.setdefault(i, {})
            numbers[place] = stepped(p.detach().flatten(), flat[place], mine, lr)
        at = place.stop
    ring_all_reduce(link, numbers)
    write(learning, numbers)
    return loss


@zero1_step.mistake(
    "Rank 0 remembers everything and makes the whole step for all.",
    "How much memory does the fullest rank need? What have the others saved?",
)
def all_on_rank_0(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    new = torch.zeros_like(flat)
    if link.rank == 0:
        new = stepped(vector(learning), flat, memory, lr)
    ring_all_reduce(link, new)
    write(learning, new)
    return loss


@zero1_step.mistake(
    "The chunks for the step are n // size long: the last numbers never learn.",
    "110 numbers on 4 ranks: who makes the step of the last two?",
)
def rest_dropped(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    ring_all_reduce(link, flat)
    numbers, piece = vector(learning), len(flat) // link.size
    new = torch.zeros_like(numbers)
    own = slice(link.rank * piece, link.rank * piece + piece)
    new[own] = stepped(numbers[own], flat[own], memory, lr)
    ring_all_reduce(link, new)
    new[link.size * piece :] = numbers[link.size * piece :]
    write(learning, new)
    return loss


@zero1_step.mistake(
    "Halfway, the step is made for chunk r, whose gradients are not complete on rank r.",
    "Of which numbers does `halfway` tell you the place?",
)
def wrong_chunk(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    numbers = vector(learning)

    def step(_):
        own = place_of(link, len(flat), link.rank)
        flat[own] = stepped(numbers[own], flat[own], memory, lr)

    ring_all_reduce(link, flat, step)
    write(learning, flat)
    return loss


@zero1_step.mistake(
    "Halfway the step is made, but what is handed round are still gradients: they become weights.",
    "What stands in the vector when its second half begins?",
)
def gradients_handed_round(link, model, ids, padding, memory, lr=1e-3):
    learning, flat, loss = backward(link, model, ids, padding)
    numbers = vector(learning)

    def step(own):
        numbers[own] = stepped(numbers[own], flat[own], memory, lr)

    ring_all_reduce(link, flat, step)
    write(learning, flat)
    return loss
