"""cross_entropy: the loss that language models are trained by."""

import math

from torch import Generator, arange, full, nn, randint, randn, tensor, zeros
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.warmup.gather_log_probs import gather_log_probs
from autograder.exercises.warmup.log_softmax import log_softmax
from autograder.exercises.warmup.masked_mean import masked_mean
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import probability
from gradus.ids import check_ids

cross_entropy = Exercise(
    probability.cross_entropy,
    instead_of=[F.cross_entropy, nn.CrossEntropyLoss, F.nll_loss, nn.NLLLoss],
    uses=[log_softmax, gather_log_probs, masked_mean],
)


@cross_entropy.case("two predictions, by hand")
def by_hand(rng: Generator) -> ByHand:
    logits = tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    return ByHand(ask(logits, tensor([0, 1])), tensor((math.log(4) + math.log(2)) / 2))


@cross_entropy.case("knowing nothing of 50 tokens costs log(50)")
def uniform(rng: Generator) -> ByHand:
    return ByHand(ask(zeros(2, 3, 50), arange(6).view(2, 3)), tensor(math.log(50)))


@cross_entropy.case("a batch of texts", 2)
def batch(rng: Generator) -> list[Trial]:
    return [
        ask(randn(2, 7, 5, generator=rng), randint(5, (2, 7), generator=rng)),
        ask(randn(3, 2, 4, 6, generator=rng), randint(6, (3, 2, 4), generator=rng)),
    ]


@cross_entropy.case(
    "an ignored place has no say",
    2,
    judge=Unmoved(
        "Text 1 is ignored from position 2 on. Changing the logits there must not change the loss.",
        lambda output: output,
    ),
)
def ignored(rng: Generator) -> list[Trial]:
    logits, targets = randn(2, 5, 4, generator=rng), randint(4, (2, 5), generator=rng)
    targets[1, 2:] = -100
    other = logits.clone()
    other[1, 2:] += 3 * randn(3, 4, generator=rng)
    return [ask(logits, targets), ask(other, targets)]


@cross_entropy.case("token 0 counts, and any number may stand for 'ignore'")
def other_index(rng: Generator) -> list[Trial]:
    logits, targets = randn(2, 5, 4, generator=rng), tensor([[0, 1, 2, 3, 0], [0, 3, -1, -1, -1]])
    return [ask(logits, targets, -1), ask(logits, targets.clamp(min=0), ignore_index=3)]


@cross_entropy.case("nothing counts: the loss is 0")
def nothing(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng), full((2, 3), -100))


@cross_entropy.case(
    "a target that is no token, and not ignored, is refused",
    hint="Only `ignore_index` may stand outside the vocabulary. Which number is it here?",
)
def refused(rng: Generator) -> list[Trial]:
    logits = randn(2, 3, 4, generator=rng)
    wrong = [[[0, -1, 2], [3, 1, -1]], [[0, -100, 4], [1, 2, 3]]]
    return [ask(logits, tensor(targets)) for targets in wrong]


@cross_entropy.case("sure and wrong: a large loss, and a finite one")
def sure(rng: Generator) -> Trial:
    return ask(tensor([[300.0, 0.0, 1.0], [1.0, 0.5, 0.0]]), tensor([1, 0]))


@cross_entropy.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> Trial:
    logits, targets = randn(3, 8, 4, generator=rng), randint(4, (3, 8), generator=rng)
    targets[0, 3:] = targets[2, 6:] = -100
    return ask(logits, targets).with_gradients()


@cross_entropy.house_rules()
def typical(rng: Generator) -> Trial:
    targets = randint(5, (2, 3), generator=rng)
    targets[1, 2] = -100
    return ask(randn(2, 3, 5, generator=rng), targets)


@cross_entropy.variant
def picked_by_mask(logits, targets, ignore_index=-100):
    kept = targets != ignore_index
    rows, ids = logits[kept], targets[kept]
    check_ids(ids, logits.shape[-1])
    if not len(ids):
        return logits.sum() * 0
    return -rows.log_softmax(-1)[arange(len(ids)), ids].mean()


@cross_entropy.variant
def with_weights(logits, targets, ignore_index=-100):
    weight = (targets != ignore_index).to(logits.dtype)
    ids = targets.where(targets != ignore_index, 0)[..., None]
    if not ids.is_meta and (ids.min() < 0 or ids.max() >= logits.shape[-1]):
        raise ValueError("no such token")
    losses = logits.logsumexp(-1) - logits.gather(-1, ids)[..., 0]
    return (losses * weight).sum() / weight.sum().clamp(min=1)


@cross_entropy.variant
def with_one_hot(logits, targets, ignore_index=-100):
    hot = targets[..., None] == arange(logits.shape[-1], device=targets.device)
    if not targets.is_meta and not (hot.any(-1) | (targets == ignore_index)).all():
        raise ValueError("a target is no token")
    hot = hot & (targets != ignore_index)[..., None]
    loss = -logits.log_softmax(-1).masked_fill(~hot, 0).sum()
    return loss / hot.sum().clamp(min=1)
