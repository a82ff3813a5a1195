"""lm_loss: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, arange, full, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import objective
from gradus.probability import cross_entropy, gather_log_probs

lm_loss = Exercise(objective.lm_loss)


def _texts(rng, batch=3, seq=5, vocab=7):
    """Logits of a size that leaves nothing certain, and ids that do not repeat in a row."""
    logits = 2 * randn(batch, seq, vocab, generator=rng)
    steps = randint(1, vocab, (batch, seq), generator=rng)
    return logits, steps.cumsum(-1) % vocab


RIGHT = tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]]).bool()
LEFT = tensor([[1, 1, 1, 1, 1], [0, 0, 0, 1, 1], [0, 1, 1, 1, 1]]).bool()


@lm_loss.case(
    "three tokens, two predictions, by hand",
    hint="Token 0 gives its successor a probability of 1/4, token 1 gives its one 1/2.",
)
def by_hand(rng: Generator) -> ByHand:
    logits = tensor([[[3.0, 1.0], [1.0, 1.0], [99.0, 1.0]]]).log()
    return ByHand(ask(logits, tensor([[0, 1, 0]])), -tensor([0.25, 0.5]).log().mean())


@lm_loss.case("several texts", 2)
def several(rng: Generator) -> list[Trial]:
    return [ask(*_texts(rng)), ask(*_texts(rng, 4, 3, 9))]


@lm_loss.case(
    "the first token is given, and the last logits predict nothing",
    judge=Unmoved(
        "In the second call only the first id and the last logits of the text are others.",
        lambda output: output[None],
    ),
)
def ends(rng: Generator) -> list[Trial]:
    logits, ids = _texts(rng, 1)
    other, moved = ids.clone(), logits.clone()
    other[:, 0] = (other[:, 0] + 1) % 7
    moved[:, -1] = randn(7, generator=rng)
    return [ask(logits, ids), ask(moved, other)]


@lm_loss.case(
    "texts of different lengths, padded on the right",
    1.5,
    hint="All predictions that count weigh the same, in long texts and in short ones.",
)
def right(rng: Generator) -> Trial:
    return ask(*_texts(rng), RIGHT)


@lm_loss.case(
    "padding on the left",
    hint="The last padding in front of a text predicts its first token: does that count?",
)
def left(rng: Generator) -> Trial:
    return ask(*_texts(rng), LEFT)


@lm_loss.case("any token may be padding, and any may be real", 0.5)
def any_id(rng: Generator) -> list[Trial]:
    logits, ids = _texts(rng)
    return [ask(logits, ids.masked_fill(~RIGHT, fill), RIGHT) for fill in (0, 6)]


@lm_loss.case("nothing to predict, and certainty, right or wrong", 0.5)
def edges(rng: Generator) -> list[Trial]:
    logits, ids = _texts(rng)
    alone = torch.zeros(3, 5, dtype=torch.bool)
    alone[:, 0] = True
    sure = 1e4 * F.one_hot(ids.roll(-1, 1), 7).float()
    texts = [(logits[:, :1], ids[:, :1]), (logits, ids, alone), (sure, ids), (-sure, ids)]
    return [ask(*text) for text in texts]


@lm_loss.case("hidden texts", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, vocab = (randint(4, 8, (3,), generator=rng) + tensor([0, 4, 9])).tolist()
    lengths = randint(1, seq + 1, (batch, 1), generator=rng)
    lengths[0], lengths[1] = 3, seq - 1
    return ask(*_texts(rng, batch, seq, vocab), arange(seq) < lengths).with_gradients()


@lm_loss.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(*_texts(rng), RIGHT)


@lm_loss.variant
def flattened(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    counts = (real[:, 1:] & real[:, :-1]).reshape(-1)
    scores = logits[:, :-1].reshape(-1, logits.shape[-1])
    losses = F.cross_entropy(scores, ids[:, 1:].reshape(-1).long(), reduction="none")
    return (losses * counts).sum() / counts.sum().clamp(min=1)


@lm_loss.variant
def with_labels(logits, ids, padding=None):
    labels = full(ids.shape, -100, device=ids.device)
    labels[:, :-1] = ids[:, 1:]
    if padding is not None:
        labels[:, :-1][~(padding[:, 1:] & padding[:, :-1])] = -100
    return cross_entropy(logits, labels)


@lm_loss.variant
def text_by_text(logits, ids, padding=None):
    total, count = logits.sum() * 0, 0
    for i in range(len(ids)):
        for j in range(ids.shape[1] - 1):
            if padding is None or (padding[i, j] and padding[i, j + 1]):
                total = total - logits[i, j].log_softmax(-1)[ids[i, j + 1]]
                count += 1
    return total / max(count, 1)


@lm_loss.variant
def gathered(logits, ids, padding=None):
    found = gather_log_probs(logits[:, :-1], ids[:, 1:])
    if padding is None:
        return -found.mean() if found.numel() else found.sum()
    counts = padding.unfold(1, 2, 1).all(-1) if padding.shape[1] > 1 else padding[:, 1:]
    return -found.masked_fill(~counts, 0).sum() / counts.sum().clamp(min=1)


@lm_loss.variant
def with_module(logits, ids, padding=None):
    targets = ids[:, 1:].long().clone()
    if padding is not None:
        targets[~padding[:, 1:]] = -1
        targets[~padding[:, :-1]] = -1
    measure = nn.CrossEntropyLoss(ignore_index=-1, reduction="sum")
    return measure(logits[:, :-1].mT, targets) / max(int((targets >= 0).sum()), 1)
