"""zero1_step: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, nn

from autograder.exercise import Exercise
from autograder.exercises.memory_and_parallelism.ddp_step import texts, weights
from autograder.exercises.memory_and_parallelism.on_the_wire import OnRanks
from autograder.exercises.memory_and_parallelism.ring_all_reduce import ring_all_reduce
from autograder.on_ranks import Training
from autograder.trial import Trial, ask
from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel import zero

zero1_step = Exercise(zero.zero1_step, uses=[ring_all_reduce])

WEIGHTS = OnRanks()
LOSS = OnRanks(returned="the loss")
MEMORY = OnRanks(memory=True)
TRAFFIC = OnRanks(wire="once round the ring, as in ddp_step, and a few for the loss")


def train(rng, *ranks):
    """Ranks that train together; each is given the lengths of its texts, step by step."""
    batches = [[texts(rng, *lengths, rare=bool(lengths)) for lengths in steps] for steps in ranks]
    return ask(Training(weights(rng), batches, sharded=True))


@zero1_step.case(
    "two ranks, one step",
    judge=WEIGHTS,
    hint="Afterwards all ranks have all new weights: those of their own chunk, and the others.",
)
def equal(rng: Generator) -> Trial:
    return train(rng, [[5]], [[5]])


@zero1_step.case(
    "ranks with very different numbers of predictions",
    judge=WEIGHTS,
    hint="As in ddp_step, all predictions weigh the same, on whichever rank.",
)
def ragged(rng: Generator) -> Trial:
    return train(rng, [[9, 7, 8]], [[2]], [[3, 5]])


@zero1_step.case(
    "three steps, one after another",
    judge=WEIGHTS,
    hint="What a rank remembers belongs to its chunk, and to no other, in every step.",
)
def steps(rng: Generator) -> list[Trial]:
    return [
        train(rng, [[4, 6], [3], [7]], [[5], [8, 2], [2]]),
        train(rng, [[4, 6], [3], [7]], [[5], [8, 2], [2]], [[2], [4], [9]]),
    ]


@zero1_step.case(
    "each rank remembers its share, and no more",
    2,
    judge=MEMORY,
    hint="Two running means for each number of the rank's own chunk: ceil(n / size) numbers.",
)
def share(rng: Generator) -> list[Trial]:
    return [
        train(rng, [[4], [5]], [[3], [3, 4]]),
        train(rng, [[4]], [[3]], [[5]], [[2]]),
    ]


@zero1_step.case(
    "bytes that are sent",
    judge=TRAFFIC,
    hint="The first half of the ring carries gradients. What does the second half carry here?",
)
def sent(rng: Generator) -> Trial:
    return train(rng, [[4, 2]], [[5]], [[3, 3]], [[6]])


@zero1_step.case(
    "parameters and texts that are not there",
    judge=WEIGHTS,
    hint="A parameter that only some ranks use; a rank with no texts; ranks with no predictions.",
)
def missing(rng: Generator) -> list[Trial]:
    some = [[texts(rng, 4, 6)], [texts(rng, 5, rare=True)], [texts(rng, 3)]]
    return [
        ask(Training(weights(rng), some, sharded=True)),
        train(rng, [[4, 6]], [[1, 1]], [[]]),
        train(rng, [[1]], [[]]),
    ]


@zero1_step.case(
    "the loss of the whole batch",
    judge=LOSS,
    hint="All ranks return the same: the mean over all predictions of all ranks.",
)
def loss(rng: Generator) -> Trial:
    return train(rng, [[9, 7]], [[2]])


@zero1_step.case("one rank alone", 0.5, judge=MEMORY, hint="Its chunk is all there is.")
def alone(rng: Generator) -> Trial:
    return train(rng, [[4, 6], [3]])


@zero1_step.case(
    "hidden",
    hidden=True,
    judge=OnRanks(returned="the loss", wire="as in ddp_step", memory=True),
)
def hidden(rng: Generator) -> Trial:
    return train(rng, [[6, 3], [2], [5]], [[2], [7, 5], [3]], [[9, 8, 4], [3], [2, 2]])


@zero1_step.house_rules(0.5, judge=LOSS)
def typical(rng: Generator) -> Trial:
    return train(rng, [[5, 3]], [[4]])


def turn(link, x, add, first):
    """Half a round of a variant's own ring, over the chunks of tensor_split."""
    chunks = x.tensor_split(link.size)
    for step in range(link.size - 1):
        link.send(chunks[(first - step) % link.size], (link.rank + 1) % link.size)
        got = link.receive((link.rank - 1) % link.size)
        here = chunks[(first - step - 1) % link.size]
        here.copy_(here + got if add else got)


@zero1_step.variant
def two_halves(link, model, ids, padding, memory, lr=1e-3):
    """Gradients are collected, new weights handed round, by halves of a ring that stand alone."""
    learning = [p for p in model.parameters() if p.requires_grad]
    count = (padding[:, 1:] & padding[:, :-1]).sum().double()
    own = lm_loss(model(ids, padding), ids, padding) * count
    found = torch.autograd.grad(own, learning, allow_unused=True)
    both = torch.stack([own.detach(), count])
    turn(link, both, True, link.rank)
    turn(link, both, False, link.rank + 1)
    total = both[1].clamp(min=1)
    g = torch.cat(
        [
            p.new_zeros(p.numel()) if f is None else f.flatten()
            for p, f in zip(learning, found, strict=True)
        ]
    )
    turn(link, g, True, link.rank)
    w = torch.cat([p.data.flatten() for p in learning])
    mine = (link.rank + 1) % link.size
    shard = nn.Parameter(w.tensor_split(link.size)[mine].clone())
    shard.grad = g.tensor_split(link.size)[mine] / total
    adamw_step([shard], [memory], lr, weight_decay=0.0)
    w.tensor_split(link.size)[mine].copy_(shard.data)
    turn(link, w, False, link.rank + 1)
    for p, new in zip(learning, w.split([p.numel() for p in learning]), strict=True):
        p.data.copy_(new.view_as(p))
    return both[0] / total


@zero1_step.variant
def adam_written_out(link, model, ids, padding, memory, lr=1e-3):
    model.zero_grad()
    count = int((padding[:, 1:] & padding[:, :-1]).sum())
    loss = lm_loss(model(ids, padding), ids, padding)
    (loss * count).backward()
    totals = loss.detach().new_tensor([loss.item() * count, count])
    learning = [p for p in model.parameters() if p.requires_grad]
    grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
    flat = torch.cat([g.reshape(-1) for g in grads])
    w = torch.cat([p.detach().reshape(-1) for p in learning])
    for x in (totals, flat):
        turn(link, x, True, link.rank)
    turn(link, totals, False, link.rank + 1)
    mine = (link.rank + 1) % link.size
    g = flat.tensor_split(link.size)[mine] / max(totals[1].item(), 1)
    if not memory:
        memory["m"], memory["v"], memory["t"] = torch.zeros_like(g), torch.zeros_like(g), 0
    memory["t"] += 1
    memory["m"] += 0.1 * (g - memory["m"])
    memory["v"] += 0.001 * (g * g - memory["v"])
    m, v = memory["m"] / (1 - 0.9 ** memory["t"]), memory["v"] / (1 - 0.999 ** memory["t"])
    w.tensor_split(link.size)[mine].sub_(lr * m / (v.sqrt() + 1e-8))
    turn(link, w, False, link.rank + 1)
    with torch.no_grad():
        for p, new in zip(learning, w.split([p.numel() for p in learning]), strict=True):
            p.copy_(new.reshape(p.shape))
    return totals[0].item() / max(totals[1].item(), 1)


@zero1_step.variant
def padded_to_one_length(link, model, ids, padding, memory, lr=1e-3):
    learning = [p for p in model.parameters() if p.requires_grad]
    for p in learning:
        p.grad = torch.zeros_like(p)
    count = (padding[:, 1:] & padding[:, :-1]).sum()
    share = lm_loss(model(ids, padding), ids, padding) * count
    share.backward()
    numbers = sum(p.numel() for p in learning)
    extra = -numbers % link.size
    flat = torch.cat([*(p.grad.flatten() for p in learning), share.new_zeros(extra)])
    w = torch.cat([*(p.detach().flatten() for p in learning), share.new_zeros(extra)])
    sums = torch.stack([share.detach(), count.double()])
    for x in (sums, flat):
        turn(link, x, True, link.rank)
    turn(link, sums, False, link.rank + 1)
    own = w.tensor_split(link.size)[(link.rank + 1) % link.size]
    chunk = nn.Parameter(own.clone())
    chunk.grad = flat.tensor_split(link.size)[(link.rank + 1) % link.size] / sums[1].clamp(min=1)
    adamw_step([chunk], memory.setdefault("chunks", [{}]), lr, weight_decay=0.0)
    own.copy_(chunk.data)
    turn(link, w, False, link.rank + 1)
    at = 0
    for p in learning:
        p.data = w[at : at + p.numel()].view_as(p).clone()
        at += p.numel()
    return sums[0] / sums[1].clamp(min=1)
