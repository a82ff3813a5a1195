"""accumulate_gradients: several small batches are one large one."""

import torch
from torch import Generator, arange, cat, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.decoder.afterwards import Afterwards
from autograder.exercises.decoder.lm_loss import lm_loss as loss_exercise
from autograder.left_behind import Trainable
from autograder.trial import Trial, ask
from gradus import accumulate
from gradus.objective import lm_loss

accumulate_gradients = Exercise(accumulate.accumulate_gradients, uses=[loss_exercise])

JUDGE = Afterwards("the loss that is returned")
VOCAB = 5


def _model(rng, room, gradient=False):
    """A model with memory for as many texts as the largest batch holds."""
    state = {"table": randn(VOCAB, VOCAB, generator=rng)}
    if gradient:
        state["gradient"] = randn(VOCAB, VOCAB, generator=rng)
    return Trainable(state, room)


def _batch(rng, *lengths):
    """Texts of these lengths, padded on the right."""
    seq = max(lengths)
    ids = randint(VOCAB, (len(lengths), seq), generator=rng)
    return ids, arange(seq) < tensor(lengths)[:, None]


@accumulate_gradients.case(
    "one batch, by hand",
    0.5,
    judge=JUDGE,
    hint="All logits are 0, so each of two tokens has probability 1/2.",
)
def by_hand(rng: Generator) -> ByHand:
    ids, real = tensor([[0, 1, 1]]), torch.ones(1, 3, dtype=torch.bool)
    left = {
        "the gradient of the model's table": tensor([[0.25, -0.25], [0.25, -0.25]]),
        "the model's table": torch.zeros(2, 2),
        "the number of texts too many in memory at once": 0,
    }
    trial = ask(Trainable({"table": torch.zeros(2, 2)}), [(ids, real)])
    return ByHand(trial, (tensor(2.0).log(), left))


@accumulate_gradients.case(
    "three batches that hold equally many predictions",
    judge=JUDGE,
    hint="Together they are one batch: its loss is a mean, not a sum.",
)
def equal(rng: Generator) -> Trial:
    return ask(_model(rng, 2), [_batch(rng, 4, 3), _batch(rng, 3, 4), _batch(rng, 6)])


@accumulate_gradients.case(
    "batches that hold very different numbers of predictions",
    2,
    judge=JUDGE,
    hint="In one large batch every prediction weighs the same. Does it here?",
)
def ragged(rng: Generator) -> Trial:
    return ask(_model(rng, 3), [_batch(rng, 9, 8, 7), _batch(rng, 2), _batch(rng, 3, 5)])


@accumulate_gradients.case(
    "gradients that are there already", judge=JUDGE, hint="Somebody else may be collecting, too."
)
def there_already(rng: Generator) -> Trial:
    return ask(_model(rng, 2, True), [_batch(rng, 5, 3), _batch(rng, 2)])


@accumulate_gradients.case("texts with nothing to predict", 0.5, judge=JUDGE)
def nothing(rng: Generator) -> list[Trial]:
    return [
        ask(_model(rng, 2), [_batch(rng, 1, 1), _batch(rng, 4), _batch(rng, 1)]),
        ask(_model(rng, 1), [_batch(rng, 1)]),
        ask(_model(rng, 1), []),
    ]


@accumulate_gradients.case("padding on the left", 0.5, judge=JUDGE)
def left(rng: Generator) -> Trial:
    turned = [(ids.flip(1), real.flip(1)) for ids, real in (_batch(rng, 2, 7), _batch(rng, 5))]
    return ask(_model(rng, 2), turned)


@accumulate_gradients.case("hidden", hidden=True, judge=JUDGE)
def hidden(rng: Generator) -> Trial:
    lengths = randint(2, 9, (6,), generator=rng).tolist()
    batches = [_batch(rng, *lengths[:3]), _batch(rng, lengths[3] + 7), _batch(rng, *lengths[4:])]
    return ask(_model(rng, 3, True), [*batches, _batch(rng, 2)])


@accumulate_gradients.house_rules(0.5, judge=JUDGE)
def typical(rng: Generator) -> Trial:
    return ask(_model(rng, 2), [_batch(rng, 5, 3), _batch(rng, 2)])


def count(padding):
    """Predictions that count."""
    return int((padding[:, 1:] & padding[:, :-1]).sum())


def each(model, batches, weigh):
    """Go backward batch by batch, the loss weighed by `weigh(batch's count, total, batches)`."""
    if not batches:
        raise ValueError("no batches")
    total = max(sum(count(padding) for _, padding in batches), 1)
    losses = []
    for ids, padding in batches:
        loss = lm_loss(model(ids, padding), ids, padding)
        loss = loss * weigh(count(padding), total, len(batches))
        loss.backward()
        losses.append(loss.detach())
    return sum(losses)


@accumulate_gradients.variant
def with_sums(model, batches):
    if len(batches) == 0:
        raise ValueError("nothing to learn from")
    shares = [padding[:, 1:].logical_and(padding[:, :-1]).sum().item() for _, padding in batches]
    whole, result = sum(shares) or 1, torch.zeros(())
    for share, (ids, padding) in zip(shares, batches, strict=True):
        part = lm_loss(model(ids, padding), ids, padding) * share / whole
        part.backward()
        result = result + part.detach()
    return result


@accumulate_gradients.variant
def rescaled_at_the_end(model, batches):
    if not batches:
        raise ValueError("no batches")
    before = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    total = summed = 0
    for ids, padding in batches:
        n = count(padding)
        loss = lm_loss(model(ids, padding), ids, padding) * n
        loss.backward()
        summed, total = summed + loss.detach(), total + n
    for p, old in zip(model.parameters(), before, strict=True):
        p.grad /= max(total, 1)
        if old is not None:
            p.grad += old
    return summed / max(total, 1)


@accumulate_gradients.variant
def text_by_text(model, batches):
    if not batches:
        raise ValueError("no batches")
    texts = [(i[None], p[None]) for ids, real in batches for i, p in zip(ids, real, strict=True)]
    total = max(cat([real[:, 1:][real[:, :-1]] for _, real in texts]).sum(), tensor(1))
    result = 0
    for ids, real in texts:
        loss = lm_loss(model(ids, real), ids, real) * count(real) / total
        loss.backward()
        result += loss.detach()
    return result
