"""What goes wrong in ddp_step: how the ranks' gradients are weighed."""

import torch

from autograder.exercises.memory_and_parallelism.ddp_step import ddp_step
from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.ring import ring_all_reduce


def counted(padding):
    """Predictions that count."""
    return (padding[:, 1:] & padding[:, :-1]).sum()


def in_parallel(link, model, ids, padding, memories, lr, weigh=counted, divide=None, **other):
    """A step in which a rank's mean loss is weighed by `weigh(padding)`.

    The sum of the ranks is divided by the sum of the weights, or by `divide(sum, link)`.
    """
    learning = [p for p in model.parameters() if p.requires_grad]
    if not other.get("keep_old"):
        model.zero_grad()
    weight = torch.as_tensor(weigh(padding), dtype=torch.float64)
    loss = lm_loss(model(ids, padding), ids, padding)
    (loss * weight).backward()
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
    numbers = [*(g.flatten() for g in gradients), (loss.detach() * weight)[None], weight[None]]
    flat = torch.cat(numbers)
    ring_all_reduce(link, flat)
    total = flat[-1].clamp(min=1).clone() if divide is None else divide(flat[-1], link)
    flat /= total
    pieces = flat[:-2].split([p.numel() for p in learning])
    for p, piece in zip(learning, pieces, strict=True):
        p.grad = piece.view_as(p)
    if other.get("forget"):
        memories = [{} for _ in learning]
    adamw_step(learning, memories, other.get("lr", lr), weight_decay=other.get("decay", 0.0))
    return flat[-2]


@ddp_step.mistake(
    "The ranks' mean gradients are added and never divided.",
    "Four ranks with the same text: how long is the sum of their gradients, compared with one's?",
)
def never_divided(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(
        link, model, ids, padding, memories, lr, weigh=lambda _: 1, divide=lambda *_: 1
    )


@ddp_step.mistake(
    "Every rank weighs the same: it takes the mean of the ranks' means.",
    "One rank makes 2 predictions, another 20. Which single prediction has more say?",
)
def mean_of_means(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, weigh=lambda _: 1)


@ddp_step.mistake(
    "Ranks are weighed by their number of texts.",
    "Which makes more predictions: two texts of 2 tokens, or one of 9?",
)
def by_texts(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, weigh=len)


@ddp_step.mistake(
    "Ranks are weighed by their real tokens; predictions are one fewer in each text.",
    "How many predictions does a text of two tokens hold?",
)
def by_tokens(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, weigh=lambda real: real.sum())


@ddp_step.mistake(
    "Ranks are weighed by all their positions, padding included.",
    "Does padding make predictions that count?",
)
def by_positions(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(
        link, model, ids, padding, memories, lr, weigh=lambda real: real[:, 1:].numel()
    )


@ddp_step.mistake(
    "Gradients are summed over all predictions and never divided by their number.",
    "Is the loss of the whole batch a sum, or a mean?",
)
def summed(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, divide=lambda *_: 1)


@ddp_step.mistake(
    "It divides by the number of predictions, and once more by the number of ranks.",
    "What is left to divide once all predictions weigh the same?",
)
def divided_twice(link, model, ids, padding, memories, lr=1e-3):
    def both(total, link):
        return total.clamp(min=1) * link.size

    return in_parallel(link, model, ids, padding, memories, lr, divide=both)


@ddp_step.mistake(
    "It divides by 0 when no rank has anything to predict.",
    "How many predictions does a text of one token hold?",
)
def by_zero(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(
        link, model, ids, padding, memories, lr, divide=lambda total, _: total.clone()
    )


@ddp_step.mistake(
    "Gradients of the last step are still there, and are added to those of this one.",
    "When are a parameter's gradients cleared?",
)
def never_cleared(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, keep_old=True)


@ddp_step.mistake(
    "Every step begins with new memories: the optimizer forgets what came before.",
    "Who holds what Adam remembers from one step to the next?",
)
def forgets(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, forget=True)


@ddp_step.mistake(
    "The weights decay: `adamw_step` does that unless it is told not to.",
    "What is `weight_decay` in adamw_step if you do not give it?",
)
def decays(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, decay=0.01)


@ddp_step.mistake("`lr` is not handed on.", "Where in your code is `lr`?")
def lr_unused(link, model, ids, padding, memories, lr=1e-3):
    return in_parallel(link, model, ids, padding, memories, lr, lr=1e-3)


@ddp_step.mistake(
    "The model is right; the loss that is returned is that of the rank's own texts.",
    "Which loss would one process have with all texts?",
)
def own_loss(link, model, ids, padding, memories, lr=1e-3):
    with torch.no_grad():
        own = lm_loss(model(ids, padding), ids, padding)
    in_parallel(link, model, ids, padding, memories, lr)
    return own


@ddp_step.mistake(
    "The model is right; the loss that is returned is the mean of the ranks' losses.",
    "Does a rank with two predictions have as much say in the loss as one with twenty?",
)
def mean_loss(link, model, ids, padding, memories, lr=1e-3):
    with torch.no_grad():
        own = lm_loss(model(ids, padding), ids, padding)[None]
    ring_all_reduce(link, own)
    in_parallel(link, model, ids, padding, memories, lr)
    return own[0] / link.size


@ddp_step.mistake(
    "The model is right; the loss that is returned is the sum over all predictions.",
    "By what is the loss of the whole batch divided?",
)
def summed_loss(link, model, ids, padding, memories, lr=1e-3):
    count = counted(padding).double()[None]
    ring_all_reduce(link, count)
    return in_parallel(link, model, ids, padding, memories, lr) * count[0]
