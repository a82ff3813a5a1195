"""window_loss: the third patient's part. Its cases and variants; mistakes are in another file."""

import torch
from torch import Generator, arange, randint, randn, randperm, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Scripted
from autograder.trial import Trial, ask
from gradus.bug_hunt import window_loss as layer

window_loss = Exercise(layer.window_loss)

VOCAB = 7


def _asked(rng, length, starts, seq):
    """A model, a text in which no token follows itself, and windows of it."""
    steps = randint(1, VOCAB, (length,), generator=rng)
    data = steps.cumsum(0) % VOCAB
    return ask(Scripted(2 * randn(VOCAB, VOCAB, generator=rng)), data, tensor(starts), seq)


@window_loss.case(
    "one window of two tokens, by hand",
    hint="Token 0 gives its successor a probability of 1/4, token 1 gives its one 1/2.",
)
def by_hand(rng: Generator) -> ByHand:
    table = tensor([[3.0, 1, 4], [1, 1, 2], [1, 2, 1]]).log()
    trial = ask(Scripted(table), tensor([2, 0, 1, 2, 0]), tensor([1]), 2)
    return ByHand(trial, -tensor([1 / 8, 2 / 4]).log().mean())


@window_loss.case(
    "several windows",
    2,
    hint="A model that writes every second letter: what was it taught to predict?",
)
def several(rng: Generator) -> list[Trial]:
    return [_asked(rng, 20, [3, 9, 0], 5), _asked(rng, 15, [7, 2], 6)]


@window_loss.case(
    "windows of one token", hint="Each token of a window makes a prediction, the only one as well."
)
def ones(rng: Generator) -> Trial:
    return _asked(rng, 12, [4, 8, 1], 1)


@window_loss.case("the first window of the text, and the last")
def ends(rng: Generator) -> list[Trial]:
    return [_asked(rng, 12, [0], 4), _asked(rng, 12, [7], 4)]


@window_loss.case("hidden windows", hidden=True)
def hidden(rng: Generator) -> Trial:
    seq = int(randint(3, 7, (), generator=rng))
    return _asked(rng, 30, randperm(30 - seq, generator=rng)[:4].tolist(), seq)


@window_loss.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return _asked(rng, 20, [3, 9, 0], 5)


@window_loss.variant
def one_more_token(model, data, starts, seq):
    windows = torch.stack([data[start : start + seq + 1] for start in starts.tolist()])
    logits = model(windows)[:, :-1]
    return F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())


@window_loss.variant
def prediction_by_prediction(model, data, starts, seq):
    losses = []
    for start in starts.tolist():
        logits = model(data[start : start + seq][None])[0].log_softmax(-1)
        losses += [-logits[i, data[start + i + 1]] for i in range(seq)]
    return torch.stack(losses).mean()


@window_loss.variant
def unfolded(model, data, starts, seq):
    windows = data.unfold(0, seq + 1, 1)[starts]
    logits = model(windows[:, :seq])
    return F.cross_entropy(logits.mT, windows[:, 1:], reduction="sum") / (len(starts) * seq)


def windows_of(data, starts, seq, shift=0):
    """What stands `shift` places behind each token of each window; at the end, the first tokens."""
    return data[(starts[:, None] + arange(seq, device=data.device) + shift) % len(data)]
