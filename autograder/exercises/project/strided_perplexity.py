"""strided_perplexity: a long text, read through a window that moves."""

import math
from typing import Any

import torch
from torch import Generator, arange, cat, float64, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.project.tellings import Tellings
from autograder.readers import Reader
from autograder.stand_ins import Scripted
from autograder.trial import Trial, ask
from gradus.evaluation import strided as reference

strided_perplexity = Exercise(reference.strided_perplexity)

VOCAB = 7


def numbers(got: Any, expected: Any) -> str | None:
    """Both perplexities, as people read them."""
    if not isinstance(got, int | float) or f"{got:.4g}" == f"{expected:.4g}":
        return None
    return f"expected a perplexity of {expected:.4g}, got {got:.4g}."


def judge(*tellings: str) -> Tellings:
    """Name the window and the stride."""
    return Tellings(tellings, numbers)


def reader(rng: Generator) -> Reader:
    """A model that remembers all it has read in this window."""
    return Reader(2 * randn(VOCAB, VOCAB, generator=rng, dtype=float64))


def text(rng: Generator, length: int) -> torch.Tensor:
    """A text to read."""
    return randint(VOCAB, (length,), generator=rng)


@strided_perplexity.case(
    "five tokens, window 2, stride 1, by hand",
    judge=judge(),
    hint="The followers of tokens 0, 1, 2, 3 have probability 1/2, 1/8, 1/2, 1/2.",
)
def by_hand(rng: Generator) -> ByHand:
    shares = torch.full((3, 3), 1e-30, dtype=float64)
    # After 0 comes 1 (a half), after 1 comes 2 (an eighth), after 2 comes 0 (a half).
    shares[0] = tensor([0.25, 0.5, 0.25])
    shares[1] = tensor([0.5, 0.375, 0.125])
    shares[2] = tensor([0.5, 0.25, 0.25])
    # 1 + 3 + 1 + 1 bits for 4 tokens: 1.5 bits.
    return ByHand(ask(Scripted(shares.log()), tensor([0, 1, 2, 0, 1]), 2, 1), 2**1.5)


@strided_perplexity.case(
    "one window is enough", judge=judge("A window of 9", "Just large enough", "Two tokens")
)
def one_window(rng: Generator) -> list[Trial]:
    model = reader(rng)
    return [
        ask(model, text(rng, 6), 9, 4),
        ask(model, text(rng, 6), 5, 2),
        ask(model, text(rng, 2), 3, 1),
    ]


@strided_perplexity.case(
    "windows that do not overlap",
    judge=judge("Window 4, stride 4", "Window 1, stride 1", "The text ends with a window"),
)
def apart(rng: Generator) -> list[Trial]:
    model = reader(rng)
    return [
        ask(model, text(rng, 15), 4, 4),
        ask(model, text(rng, 8), 1, 1),
        ask(model, text(rng, 13), 4, 4),
    ]


@strided_perplexity.case(
    "windows that overlap",
    2,
    judge=judge("Window 6, stride 2", "Window 5, stride 3", "Window 4, stride 1"),
    hint="Which tokens have been counted by the windows before? What may they still be read for?",
)
def overlapping(rng: Generator) -> list[Trial]:
    model = reader(rng)
    return [
        ask(model, text(rng, 21), 6, 2),
        ask(model, text(rng, 18), 5, 3),
        ask(model, text(rng, 12), 4, 1),
    ]


@strided_perplexity.case(
    "the end of the text",
    judge=judge(
        "The last window is short", "The last window has one new token", "The window ends with it"
    ),
)
def the_end(rng: Generator) -> list[Trial]:
    model = reader(rng)
    return [
        ask(model, text(rng, 16), 6, 4),
        ask(model, text(rng, 12), 6, 5),
        ask(model, text(rng, 15), 6, 4),
    ]


@strided_perplexity.case("a text as long as a book's page, and sure models", 0.5, judge=judge())
def long(rng: Generator) -> list[Trial]:
    sure = Reader(40 * randn(VOCAB, VOCAB, generator=rng, dtype=float64))
    return [ask(reader(rng), text(rng, 150), 32, 16), ask(sure, text(rng, 9), 4, 2)]


@strided_perplexity.case(
    "what leaves tokens out is refused",
    0.5,
    judge=judge("A stride past the window", "A stride of 0", "One token"),
)
def refused(rng: Generator) -> list[Trial]:
    model = reader(rng)
    return [
        ask(model, text(rng, 12), 4, 5),
        ask(model, text(rng, 12), 4, 0),
        ask(model, text(rng, 1), 4, 2),
    ]


@strided_perplexity.case("hidden texts", hidden=True, judge=judge())
def hidden(rng: Generator) -> list[Trial]:
    model = reader(rng)
    window = int(randint(5, 9, (), generator=rng))
    return [ask(model, text(rng, 26), window, 3), ask(model, text(rng, 31), 2 * window, window)]


@strided_perplexity.house_rules(0.5, judge=judge())
def typical(rng: Generator) -> Trial:
    return ask(reader(rng), text(rng, 14), 6, 4)


def refuse(ids, window, stride):
    """Raise where the reference does."""
    if stride < 1 or stride > window or len(ids) < 2:
        raise ValueError("tokens would be left out")


@strided_perplexity.variant
def with_ignored_labels(model, ids, window, stride):
    refuse(ids, window, stride)
    loss, count, done = 0.0, 0, 1
    for begin in range(0, len(ids) - 1, stride):
        end = min(begin + window + 1, len(ids))
        piece = ids[begin:end]
        labels = piece.clone()
        labels[: done - begin] = -100
        if end > done:
            with torch.no_grad():
                logits = model(piece[None, :-1])
            loss += F.cross_entropy(logits[0], labels[1:], reduction="sum").item()
            count += end - done
        done = max(done, end)
    return math.exp(loss / count)


@strided_perplexity.variant
def token_by_token(model, ids, window, stride):
    refuse(ids, window, stride)
    losses = []
    for i in range(len(ids) - 1):
        begin = max(0, -(-(i - window + 1) // stride)) * stride
        logits = model(ids[begin : i + 1].unsqueeze(0))[0, -1]
        losses.append(logits.logsumexp(-1) - logits[ids[i + 1]])
    return torch.stack(losses).mean().exp().item()


@strided_perplexity.variant
def full_windows_as_one_batch(model, ids, window, stride):
    refuse(ids, window, stride)
    given, wanted = ids[:-1], ids[1:]
    starts = list(range(0, max(len(given) - window, 0) + 1, stride))
    losses = []
    if len(given) >= window:
        places = tensor(starts)[:, None] + arange(window)
        scores = model(given[places]).log_softmax(-1).gather(-1, wanted[places][..., None])[..., 0]
        losses = [scores[0], scores[1:, window - stride :].flatten()]
    done = starts[-1] + window if len(given) >= window else 0
    if done < len(given):
        begin = starts[-1] + stride if done else 0
        logits = model(given[begin:].unsqueeze(0))[0].log_softmax(-1)
        tail = logits[arange(len(given) - begin), wanted[begin:]]
        losses.append(tail[max(done - begin, 0) :])
    return (-cat(losses).mean()).exp().item()
