"""What people get wrong when they mend window_loss."""

import math

from torch.nn import functional as F

from autograder.exercises.project.window_loss import window_loss, windows_of
from gradus.probability import cross_entropy


def _mistake(name, look):
    """Add a mistake that is made with logits, with what stands under them, and what follows."""

    def add(wrong):
        def answer(model, data, starts, seq):
            x, y = windows_of(data, starts, seq), windows_of(data, starts, seq, 1)
            return wrong(model(x), x, y)

        answer.__name__ = wrong.__name__
        window_loss.mistake(name, look)(answer)
        return wrong

    return add


@_mistake(
    "It is as you found it: what follows is moved on once more, to the token after the next.",
    "How many places lie between a token of x and the one that it is held against?",
)
def as_found(logits, x, y):
    return cross_entropy(logits[:, :-1], y[:, 1:])


@_mistake(
    "Now nothing is shifted: every token is to predict itself.",
    "You took one shift away. Was there another one left?",
)
def not_shifted(logits, x, y):
    return cross_entropy(logits, x)


@_mistake(
    "The second shift is turned around, and takes back the first: every token predicts itself.",
    "Which id stands beside the logits of position 1 now?",
)
def taken_back(logits, x, y):
    return cross_entropy(logits[:, 1:], y[:, :-1])


@_mistake(
    "The shift is right now, but the last token of each window makes no prediction.",
    "A window of five tokens and their followers: how many predictions is that?",
)
def last_left_out(logits, x, y):
    return cross_entropy(logits[:, :-1], y[:, :-1])


@_mistake(
    "The shift is right now, but the first token of each window makes no prediction.",
    "A window of five tokens and their followers: how many predictions is that?",
)
def first_left_out(logits, x, y):
    return cross_entropy(logits[:, 1:], y[:, 1:])


@_mistake(
    "The followers are rolled: the last token of a window is to predict the first one's follower.",
    "What stands behind the last token of the window?",
)
def rolled(logits, x, y):
    return cross_entropy(logits, x.roll(-1, 1))


@_mistake(
    "It measures the last prediction of each window only.",
    "How many predictions does a window hold?",
)
def last_only(logits, x, y):
    return cross_entropy(logits[:, -1], y[:, -1])


@_mistake("The losses are added up, not averaged.", "Does a longer window have a larger loss?")
def summed(logits, x, y):
    return cross_entropy(logits, y) * y.numel()


@_mistake(
    "The losses of a window are added up, and only the windows averaged.",
    "Does a longer window have a larger loss?",
)
def summed_windows(logits, x, y):
    return cross_entropy(logits, y) * y.shape[1]


@_mistake("It is in bits, not in nats.", "Which logarithm did the code that you found take?")
def bits(logits, x, y):
    return cross_entropy(logits, y) / math.log(2)


@_mistake(
    "The logits go through a softmax before the cross-entropy, which takes one itself.",
    "How many softmaxes lie between logits and loss?",
)
def softmax_twice(logits, x, y):
    return cross_entropy(logits.softmax(-1), y)


@_mistake(
    "Logits and followers are flattened in different orders, so they do not belong together.",
    "In which order are the windows flattened, and in which order the logits?",
)
def mixed_up(logits, x, y):
    return F.cross_entropy(logits.transpose(0, 1).flatten(0, 1), y.flatten())


@window_loss.mistake(
    "The followers are taken from two places further on: the double shift is still there.",
    "Which token of the text stands at place + 1, and which one was shifted to?",
)
def two_ahead(model, data, starts, seq):
    return cross_entropy(model(windows_of(data, starts, seq)), windows_of(data, starts, seq, 2))


@window_loss.mistake(
    "The windows are read one place too late.", "Which token is the first that the model reads?"
)
def one_late(model, data, starts, seq):
    return cross_entropy(model(windows_of(data, starts, seq, 1)), windows_of(data, starts, seq, 2))
