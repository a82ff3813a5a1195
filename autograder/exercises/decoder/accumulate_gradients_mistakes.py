"""What goes wrong in accumulate_gradients."""

import torch
from torch.nn.functional import pad

from autograder.exercises.decoder.accumulate_gradients import accumulate_gradients, count, each
from gradus.objective import lm_loss


@accumulate_gradients.mistake(
    "Nothing is divided: the gradients of all batches are added at full weight.",
    "Four batches with the same texts: how long is the gradient, compared with one of them?",
)
def no_division(model, batches):
    return each(model, batches, lambda n, total, pieces: 1)


@accumulate_gradients.mistake(
    "Every batch weighs the same, so a prediction in a small batch has more say.",
    "By what is a batch's loss divided already? Is that the same number for all batches?",
)
def by_batches(model, batches):
    return each(model, batches, lambda n, total, pieces: 1 / pieces)


@accumulate_gradients.mistake(
    "Batches are weighed by their number of real tokens; predictions are one fewer in each text.",
    "How many predictions does a text of two tokens hold?",
)
def by_tokens(model, batches):
    weights = [int(padding.sum()) for _, padding in batches]
    left = iter(weights)
    return each(model, batches, lambda *_: next(left) / max(sum(weights), 1))


@accumulate_gradients.mistake(
    "Batches are weighed by their number of texts.",
    "Which hold more predictions: two texts of 2 tokens, or one of 9?",
)
def by_texts(model, batches):
    weights = [len(ids) for ids, _ in batches]
    left = iter(weights)
    return each(model, batches, lambda *_: next(left) / max(sum(weights), 1))


@accumulate_gradients.mistake(
    "Batches are weighed by all their predictions, padding included.",
    "Does padding make predictions that count?",
)
def by_size(model, batches):
    weights = [ids[:, 1:].numel() for ids, _ in batches]
    left = iter(weights)
    return each(model, batches, lambda *_: next(left) / max(sum(weights), 1))


@accumulate_gradients.mistake(
    "Each batch's loss is multiplied by its number of predictions, and never divided by the total.",
    "Is the loss of a large batch a sum, or a mean?",
)
def summed(model, batches):
    return each(model, batches, lambda n, total, pieces: n)


@accumulate_gradients.mistake(
    "The mean loss of a batch is divided by the total, without being multiplied by the batch's "
    "own number of predictions.",
    "lm_loss gives a mean. Of how many? How do you get their sum back?",
)
def not_multiplied(model, batches):
    return each(model, batches, lambda n, total, pieces: 1 / total)


@accumulate_gradients.mistake(
    "The gradients are cleared before each batch: only the last one is left.",
    "How often are gradients cleared, and by whom, if they are to add up?",
)
def cleared_each_time(model, batches):
    def weigh(n, total, pieces):
        for p in model.parameters():
            p.grad = None
        return n / total

    return each(model, batches, weigh)


@accumulate_gradients.mistake(
    "The gradients that were there already are cleared.",
    "What does the task say of gradients that are there?",
)
def cleared_at_first(model, batches):
    for p in model.parameters():
        p.grad = None
    return each(model, batches, lambda n, total, pieces: n / total)


@accumulate_gradients.mistake(
    "All batches are kept in memory until one backward at the end: nothing is saved.",
    "When can the memory of a batch be given back: before its backward, or after it?",
)
def one_backward(model, batches):
    if not batches:
        raise ValueError("no batches")
    total = max(sum(count(real) for _, real in batches), 1)
    loss = sum(lm_loss(model(ids, real), ids, real) * count(real) / total for ids, real in batches)
    loss.backward()
    return loss.detach()


@accumulate_gradients.mistake(
    "All texts are put into one large batch: that is what there is no memory for.",
    "How many texts is the model given at a time?",
)
def one_batch(model, batches):
    if not batches:
        raise ValueError("no batches")
    seq = max(ids.shape[1] for ids, _ in batches)
    both = zip(*batches, strict=True)
    wide = ([pad(t, (0, seq - t.shape[1])) for t in tensors] for tensors in both)
    ids, padding = (torch.cat(tensors) for tensors in wide)
    loss = lm_loss(model(ids, padding), ids, padding)
    loss.backward()
    return loss.detach()


@accumulate_gradients.mistake(
    "Only the last batch goes backward.", "Is backward inside your loop, or behind it?"
)
def last_only(model, batches):
    if not batches:
        raise ValueError("no batches")
    total = max(sum(count(padding) for _, padding in batches), 1)
    losses = []
    for ids, padding in batches:
        loss = lm_loss(model(ids, padding), ids, padding) * count(padding) / total
        losses.append(loss.detach())
        waiting = loss
        loss = None
    waiting.backward()
    return sum(losses)


@accumulate_gradients.mistake(
    "The first batch alone is read.", "Is there a return inside your loop?"
)
def first_only(model, batches):
    return each(model, batches[:1], lambda n, total, pieces: n / total)


@accumulate_gradients.mistake(
    "The last batch is dropped.", "How often does your loop go round for three batches?"
)
def last_dropped(model, batches):
    if len(batches) == 1:
        return each(model, batches, lambda n, total, pieces: n / total)
    return each(model, batches[:-1], lambda n, total, pieces: n / total)


@accumulate_gradients.mistake(
    "A step is made after each batch.", "Who makes the step, and how many are there for one batch?"
)
def steps(model, batches):
    def weigh(n, total, pieces):
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p.sub_(0.01 * p.grad)
        return n / total

    return each(model, batches, weigh)


@accumulate_gradients.mistake(
    "The loss that is returned is the last batch's.",
    "Which loss would one large batch have?",
)
def last_loss(model, batches):
    last = []

    def weigh(n, total, pieces):
        last.append(n / total)
        return last[-1]

    each(model, batches, weigh)
    ids, padding = batches[-1]
    with torch.no_grad():
        return lm_loss(model(ids, padding), ids, padding)


@accumulate_gradients.mistake(
    "The gradients are right; the loss that is returned is the mean of the batches' losses.",
    "Which loss would one large batch have?",
)
def mean_loss(model, batches):
    losses = []
    each(model, batches, lambda n, total, pieces: n / total)
    with torch.no_grad():
        for ids, padding in batches:
            losses.append(lm_loss(model(ids, padding), ids, padding))
    return sum(losses) / len(losses)


@accumulate_gradients.mistake(
    "Padding is not handed on: it is read and predicted like any token.",
    "Where in your code is `padding`?",
)
def padding_unused(model, batches):
    if not batches:
        raise ValueError("no batches")
    total = max(sum(ids[:, 1:].numel() for ids, _ in batches), 1)
    losses = []
    for ids, _ in batches:
        loss = lm_loss(model(ids), ids) * (ids[:, 1:].numel() / total)
        loss.backward()
        losses.append(loss.detach())
    return sum(losses)


@accumulate_gradients.mistake(
    "Where nothing can be predicted, it divides by 0.",
    "How many predictions does a text of one token hold?",
)
def by_zero(model, batches):
    total = sum(count(padding) for _, padding in batches)
    if not batches:
        raise ValueError("no batches")
    return each(model, batches, lambda n, *_: n / total)


@accumulate_gradients.mistake(
    "No batches at all are accepted.", "What does the docstring say should be refused?"
)
def not_checked(model, batches):
    return each(model, batches, lambda n, total, _: n / total) if batches else torch.tensor(0.0)
