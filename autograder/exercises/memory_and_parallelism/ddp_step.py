"""ddp_step: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, arange, randint, randn, tensor

from autograder.exercise import Exercise
from autograder.exercises.memory_and_parallelism.on_the_wire import OnRanks
from autograder.exercises.memory_and_parallelism.ring_all_reduce import ring_all_reduce
from autograder.on_ranks import Training
from autograder.trial import Trial, ask
from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel import ddp

ddp_step = Exercise(ddp.ddp_step, uses=[ring_all_reduce])

WEIGHTS = OnRanks()
LOSS = OnRanks(returned="the loss")
TRAFFIC = OnRanks(wire="2 (size - 1) / size numbers for each number that is trained")
VOCAB, WIDTH, RARE = 11, 8, 10


def weights(rng):
    """Weights in double precision, some with gradients as small as Adam's eps.

    Adam divides by the size of a gradient: only beside its eps can a size be seen at all.
    """
    shapes = {"tokens.weight": (VOCAB, WIDTH), "head.bias": (VOCAB,), "scale": (WIDTH,)}
    shapes |= {"rare": (WIDTH,), "never": (3,)}
    made = {n: randn(*s, generator=rng, dtype=torch.float64) for n, s in shapes.items()}
    made["scale"][::2] *= 3e-8
    return made


def texts(rng, *lengths, rare=False):
    """Texts of these lengths, padded on the right; the rare id is the first of them, or in none."""
    seq = max(lengths, default=3)
    ids = randint(RARE, (len(lengths), seq), generator=rng)
    if rare:
        ids[0, 0] = RARE
    return ids, arange(seq) < tensor(lengths, dtype=torch.int64)[:, None]


@ddp_step.case(
    "two ranks with equally many predictions", judge=WEIGHTS, hint="One step, one text on each."
)
def equal(rng: Generator) -> Trial:
    return ask(Training(weights(rng), [[texts(rng, 5, rare=True)], [texts(rng, 5, rare=True)]]))


@ddp_step.case(
    "ranks with very different numbers of predictions",
    2,
    judge=WEIGHTS,
    hint="All predictions weigh the same in one large batch. How many are there on all ranks?",
)
def ragged(rng: Generator) -> Trial:
    three = [
        [texts(rng, 9, 7, 8, rare=True)],
        [texts(rng, 2, rare=True)],
        [texts(rng, 3, 5, rare=True)],
    ]
    return ask(Training(weights(rng), three))


@ddp_step.case(
    "three steps, one after another",
    judge=WEIGHTS,
    hint="Gradients of an earlier step are over; what the optimizer remembers is not.",
)
def steps(rng: Generator) -> Trial:
    batches = [
        [texts(rng, 4, 6, rare=True), texts(rng, 3, rare=True), texts(rng, 7, rare=True)],
        [texts(rng, 5, rare=True), texts(rng, 8, 2, rare=True), texts(rng, 2, rare=True)],
    ]
    return ask(Training(weights(rng), batches))


@ddp_step.case(
    "a parameter that only some ranks use",
    judge=WEIGHTS,
    hint="Its gradient is None on the others. It has to take its place in the ring there, too.",
)
def unused(rng: Generator) -> list[Trial]:
    batches = [[texts(rng, 4, 6)], [texts(rng, 5, rare=True)], [texts(rng, 3)]]
    last = [[texts(rng, 4, rare=True)], [texts(rng, 5)]]
    return [ask(Training(weights(rng), batches)), ask(Training(weights(rng), last))]


@ddp_step.case(
    "a rank that has nothing to predict",
    0.5,
    judge=WEIGHTS,
    hint="It has no texts, or none of two tokens. The others must not wait for it in vain.",
)
def nothing(rng: Generator) -> list[Trial]:
    batches = [[texts(rng, 4, 6, rare=True)], [texts(rng, 1, 1)], [texts(rng)]]
    none = [[texts(rng, 1)], [texts(rng)]]
    return [ask(Training(weights(rng), batches)), ask(Training(weights(rng), none))]


@ddp_step.case(
    "the loss of the whole batch",
    judge=LOSS,
    hint="All ranks return the same: the mean over all predictions of all ranks.",
)
def loss(rng: Generator) -> Trial:
    batches = [[texts(rng, 9, 7, rare=True)], [texts(rng, 2, rare=True)]]
    return ask(Training(weights(rng), batches))


@ddp_step.case(
    "bytes that are sent",
    judge=TRAFFIC,
    hint="What goes round the ring? How many numbers are that, and how often?",
)
def sent(rng: Generator) -> Trial:
    batches = [
        [texts(rng, 4, 2, rare=True)],
        [texts(rng, 5, rare=True)],
        [texts(rng, 3, 3, 2, rare=True)],
        [texts(rng, 6, rare=True)],
    ]
    return ask(Training(weights(rng), batches))


@ddp_step.case("one rank alone", 0.5, judge=TRAFFIC, hint="It is an ordinary training step.")
def alone(rng: Generator) -> Trial:
    return ask(Training(weights(rng), [[texts(rng, 4, 6, rare=True), texts(rng, 3)]]))


@ddp_step.case(
    "hidden", hidden=True, judge=OnRanks(returned="the loss", wire="the gradients, once round")
)
def hidden(rng: Generator) -> Trial:
    batches = [
        [texts(rng, 6, 3, rare=True), texts(rng, 2)],
        [texts(rng, 2, rare=True), texts(rng, 7, 5)],
        [texts(rng, 9, 8, 4, rare=True), texts(rng, 3, rare=True)],
    ]
    return ask(Training(weights(rng), batches))


@ddp_step.house_rules(0.5, judge=LOSS)
def typical(rng: Generator) -> Trial:
    return ask(Training(weights(rng), [[texts(rng, 5, 3, rare=True)], [texts(rng, 4, rare=True)]]))


def ring_sum(link, x):
    """A ring of a variant's own."""
    size, rank = link.size, link.rank
    chunks = x.tensor_split(size)
    for step in range(size - 1):
        link.send(chunks[(rank - step) % size], (rank + 1) % size)
        chunks[(rank - step - 1) % size].add_(link.receive((rank - 1) % size))
    for step in range(size - 1):
        link.send(chunks[(rank + 1 - step) % size], (rank + 1) % size)
        chunks[(rank - step) % size].copy_(link.receive((rank - 1) % size))
    return x


@ddp_step.variant
def parameter_by_parameter(link, model, ids, padding, memories, lr=1e-3):
    own = lm_loss(model(ids, padding), ids, padding)
    count = (padding[:, 1:] * padding[:, :-1]).sum().to(own.dtype)
    total = ring_sum(link, count.clone().reshape(1)).item() or 1
    model.zero_grad(set_to_none=False)
    (own * count / total).backward()
    parameters = [p for p in model.parameters() if p.requires_grad]
    for p in parameters:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        p.grad = ring_sum(link, p.grad.flatten()).reshape(p.shape)
    adamw_step(parameters, memories, lr, weight_decay=0.0)
    return ring_sum(link, (own * count / total).detach().reshape(1))[0]


@ddp_step.variant
def with_autograd_grad(link, model, ids, padding, memories, lr=1e-3):
    learning = [p for p in model.parameters() if p.requires_grad]
    count = int((padding[:, 1:] & padding[:, :-1]).sum())
    loss = lm_loss(model(ids, padding), ids, padding)
    found = torch.autograd.grad(loss, learning, allow_unused=True)
    flat = torch.zeros(sum(p.numel() for p in learning) + 2, dtype=loss.dtype)
    at = 0
    for p, gradient in zip(learning, found, strict=True):
        if gradient is not None:
            flat[at : at + p.numel()] = gradient.flatten() * count
        at += p.numel()
    flat[-2], flat[-1] = loss.detach() * count, count
    ring_sum(link, flat)
    flat = flat / max(flat[-1].item(), 1)
    at = 0
    for p in learning:
        p.grad = flat[at : at + p.numel()].view(p.shape).clone()
        at += p.numel()
    adamw_step(learning, memories, lr, weight_decay=0.0)
    return flat[-2].item()


@ddp_step.variant
def step_written_out(link, model, ids, padding, memories, lr=1e-3):
    model.zero_grad()
    learning = [p for p in model.parameters() if p.requires_grad]
    logp = model(ids, padding)[:, :-1].log_softmax(-1)
    counts = padding[:, 1:] & padding[:, :-1]
    right = logp.gather(-1, ids[:, 1:].unsqueeze(-1)).squeeze(-1)
    summed = -(right * counts).sum()
    summed.backward()
    zeros = [p.grad if p.grad is not None else p.new_zeros(p.shape) for p in learning]
    flat = torch.cat([*(g.reshape(-1) for g in zeros), summed.detach()[None], counts.sum()[None]])
    ring_sum(link, flat)
    flat /= flat[-1].clamp(min=1).clone()
    pieces = flat[:-2].split([p.numel() for p in learning])
    with torch.no_grad():
        for p, piece, memory in zip(learning, pieces, memories, strict=True):
            g = piece.view(p.shape)
            t = memory["step"] = memory.get("step", 0) + 1
            memory["mean"] = 0.9 * memory.get("mean", 0) + 0.1 * g
            memory["square"] = 0.999 * memory.get("square", 0) + 0.001 * g * g
            p -= (
                lr
                * (memory["mean"] / (1 - 0.9**t))
                / ((memory["square"] / (1 - 0.999**t)).sqrt() + 1e-8)
            )
    return flat[-2]
