"""Wrong answers for strided_perplexity: which tokens count, and how the mean is taken."""

import math

import torch

from autograder.exercises.project.strided_perplexity import refuse, strided_perplexity


def windows(ids, window, stride):
    """Begin, end, and how many predictions have counted when each window comes."""
    counted = 0
    for begin in range(0, len(ids) - 1, stride):
        end = min(begin + window, len(ids) - 1)
        yield begin, end, counted
        counted = end
        if end == len(ids) - 1:
            return


def losses(model, ids, begin, end):
    """-log p of the tokens that follow those from begin to end."""
    with torch.no_grad():
        logs = model(ids[None, begin:end])[0].log_softmax(-1)
    return -logs.gather(-1, ids[begin + 1 : end + 1, None])[:, 0]


def of(parts):
    """The perplexity of all of them."""
    return torch.cat(parts).mean().exp().item()


def new(model, ids, window, stride):
    """The losses that count, window by window."""
    refuse(ids, window, stride)
    return [
        losses(model, ids, begin, end)[counted - begin :]
        for begin, end, counted in windows(ids, window, stride)
    ]


@strided_perplexity.mistake(
    "Tokens in an overlap are counted by each window that shows them.",
    "Add up the tokens that count, over all windows. How many has the text?",
)
def double(model, ids, window, stride):
    refuse(ids, window, stride)
    return of([losses(model, ids, b, e) for b, e, _ in windows(ids, window, stride)])


@strided_perplexity.mistake(
    "The mean is taken of the windows' means, so a short window weighs as much as a long one.",
    "The last window has one new token. How much should that token weigh?",
)
def mean_of_means(model, ids, window, stride):
    parts = new(model, ids, window, stride)
    return math.exp(sum(part.mean().item() for part in parts) / len(parts))


@strided_perplexity.mistake(
    "The perplexities of the windows are averaged.",
    "Is the mean of exp(a) and exp(b) the exp of their mean?",
)
def mean_of_perplexities(model, ids, window, stride):
    parts = new(model, ids, window, stride)
    return sum(part.mean().exp().item() for part in parts) / len(parts)


@strided_perplexity.mistake(
    "Each perplexity of a single token is averaged.", "Which comes first: the mean, or exp?"
)
def mean_of_exp(model, ids, window, stride):
    return torch.cat(new(model, ids, window, stride)).exp().mean().item()


@strided_perplexity.mistake(
    "It returns the loss in nats, not the perplexity.", "What makes a perplexity of a loss?"
)
def loss(model, ids, window, stride):
    return torch.cat(new(model, ids, window, stride)).mean().item()


@strided_perplexity.mistake(
    "2 is raised to a loss that is in nats.", "Which logarithm is in log_softmax?"
)
def base(model, ids, window, stride):
    return 2 ** torch.cat(new(model, ids, window, stride)).mean().item()


@strided_perplexity.mistake(
    "The sum is divided by all tokens, although the first is never predicted.",
    "How many predictions does a text of 5 tokens allow?",
)
def all_tokens(model, ids, window, stride):
    return math.exp(torch.cat(new(model, ids, window, stride)).sum().item() / len(ids))


@strided_perplexity.mistake(
    "The first window counts only its last tokens, as all the others do.",
    "Which window counts the tokens at the beginning of the text?",
)
def first_as_others(model, ids, window, stride):
    refuse(ids, window, stride)
    parts = []
    for begin, end, counted in windows(ids, window, stride):
        first = begin + window - stride if end == window else 0
        parts.append(losses(model, ids, begin, end)[max(counted, first) - begin :])
    return of(parts)


@strided_perplexity.mistake(
    "Of an overlapping window, the first tokens count, which have the least context.",
    "What is an overlap good for, if the tokens in front are the ones that count?",
)
def first_tokens(model, ids, window, stride):
    refuse(ids, window, stride)
    return of([losses(model, ids, b, e)[:stride] for b, e, _ in windows(ids, window, stride)])


@strided_perplexity.mistake(
    "The windows never overlap: they move by their own length.",
    "What is the argument `stride` for?",
)
def no_overlap(model, ids, window, stride):
    refuse(ids, window, stride)
    return of(new(model, ids, window, window))


@strided_perplexity.mistake(
    "The whole text is read at once, however long it is.",
    "How many tokens does the window show?",
)
def whole_text(model, ids, window, stride):
    refuse(ids, window, stride)
    return of([losses(model, ids, 0, len(ids) - 1)])


@strided_perplexity.mistake(
    "Only the tokens that count are read, without the ones before them.",
    "Where do the tokens that count get their context from?",
)
def no_context(model, ids, window, stride):
    refuse(ids, window, stride)
    return of([losses(model, ids, c, e) for _, e, c in windows(ids, window, stride)])


@strided_perplexity.mistake(
    "The last window is left out when it is not full.", "Which window counts the last tokens?"
)
def last_left_out(model, ids, window, stride):
    refuse(ids, window, stride)
    found = list(windows(ids, window, stride))
    full = [(b, e, c) for b, e, c in found if e - b == window] or found[:1]
    return of([losses(model, ids, b, e)[c - b :] for b, e, c in full])


@strided_perplexity.mistake(
    "The last window is moved back until it is full, so its context is longer than asked.",
    "Where do the windows begin?",
)
def moved_back(model, ids, window, stride):
    refuse(ids, window, stride)
    moved = ((min(b, max(e - window, 0)), e, c) for b, e, c in windows(ids, window, stride))
    return of([losses(model, ids, b, e)[c - b :] for b, e, c in moved])


@strided_perplexity.mistake(
    "Logits are compared with the token they were made from, not with the next one.",
    "Which token do the logits behind token 3 predict?",
)
def not_shifted(model, ids, window, stride):
    refuse(ids, window, stride)
    parts = []
    for begin, end, counted in windows(ids, window, stride):
        logs = model(ids[None, begin:end])[0].log_softmax(-1)
        parts.append(-logs.gather(-1, ids[begin:end, None])[counted - begin :, 0])
    return of(parts)


@strided_perplexity.mistake(
    "One of the window's tokens is only predicted and never read: the window is one too short.",
    "How many tokens can the model read at once, if the window is 6?",
)
def one_short(model, ids, window, stride):
    refuse(ids, window, stride)
    return of(new(model, ids, max(window - 1, 1), min(stride, max(window - 1, 1))))


@strided_perplexity.mistake(
    "The first token of a window is not counted, because nothing stands before it there.",
    "Windows that do not overlap: who counts the token where one ends?",
)
def first_of_window(model, ids, window, stride):
    refuse(ids, window, stride)
    parts = []
    for begin, end, counted in windows(ids, window, stride):
        skipped = max(counted - begin, 1 if begin else 0)
        parts.append(losses(model, ids, begin, end)[skipped:])
    return of(parts)


@strided_perplexity.mistake(
    "A stride larger than the window is not refused.", "Which tokens does such a window jump over?"
)
def jumps(model, ids, window, stride):
    if stride < 1 or len(ids) < 2:
        raise ValueError("no stride")
    return of(new(model, ids, window, min(stride, window)))
