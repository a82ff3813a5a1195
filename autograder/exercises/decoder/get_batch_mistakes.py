"""What goes wrong in get_batch."""

import torch
from torch import arange

from autograder.exercises.decoder.get_batch import cut, get_batch, starts_of


@get_batch.mistake(
    "y is x plus 1: the next id, not the id of the next token.",
    "Do you add 1 to the place of a token, or to its id?",
)
def plus_one(data, batch, seq, generator=None):
    x, _ = cut(data, starts_of(data, batch, seq, generator), seq)
    return x, x + 1


@get_batch.mistake("y is the same as x.", "Which token follows the first one of a window?")
def same(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, generator), seq, gap=0)


@get_batch.mistake("y is two places further, not one.", "By how many places does y start after x?")
def two_further(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, generator), seq, gap=2)


@get_batch.mistake(
    "y is what comes before x, not what follows.", "Is the next token at i + 1 or at i - 1?"
)
def before(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, generator), seq, gap=-1)


@get_batch.mistake("x and y are exchanged.", "Which of the two does the model read?")
def exchanged(data, batch, seq, generator=None):
    x, y = cut(data, starts_of(data, batch, seq, generator), seq)
    return y, x


@get_batch.mistake(
    "y is the next window, not the same one moved by one token.",
    "How many predictions does a window of 5 tokens hold, and what is the first to predict?",
)
def next_window(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, generator), seq, gap=seq)


@get_batch.mistake(
    "y holds only the token after the whole window.",
    "How many predictions does a window of 5 tokens hold?",
)
def last_only(data, batch, seq, generator=None):
    x, y = cut(data, starts_of(data, batch, seq, generator), seq)
    return x, y[:, -1]


@get_batch.mistake(
    "The last start that fits is never taken.",
    "Is the upper end of torch.randint among the numbers that it draws?",
)
def without_last(data, batch, seq, generator=None):
    high = max(len(data) - seq - 1, 1)
    return cut(data, starts_of(data, batch, seq, generator, high=high), seq)


@get_batch.mistake("The first token of the data is never read.", "Where does counting start?")
def without_first(data, batch, seq, generator=None):
    low = min(1, len(data) - seq - 1)
    return cut(data, starts_of(data, batch, seq, generator, low=low), seq)


@get_batch.mistake(
    "Windows run over the end of the text and go on at its beginning.",
    "Which is the last start from which seq tokens and a follower are left?",
)
def around_the_end(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, generator, high=len(data)), seq)


@get_batch.mistake(
    "Windows start so late that they run over the end of the text.",
    "Which is the last start from which seq tokens and a follower are left?",
)
def over_the_end(data, batch, seq, generator=None):
    starts = starts_of(data, batch, seq, generator, high=len(data))
    x = torch.stack([data[i : i + seq] for i in starts])
    return x.long(), torch.stack([data[i + 1 : i + 1 + seq] for i in starts]).long()


@get_batch.mistake(
    "All windows of a batch start at the same place.",
    "How often is a start drawn for a batch of 8?",
)
def one_start(data, batch, seq, generator=None):
    starts = starts_of(data, 1, seq, generator).expand(batch)
    return cut(data, starts, seq)


@get_batch.mistake(
    "The windows of a batch follow each other in the text; only the first start is drawn.",
    "How often is a start drawn for a batch of 8?",
)
def in_a_row(data, batch, seq, generator=None):
    first = starts_of(data, 1, seq, generator)
    steps = arange(batch, device=data.device) * seq
    return cut(data, (first + steps) % (len(data) - seq), seq)


@get_batch.mistake(
    "Every batch starts at the beginning of the text; nothing is left to chance.",
    "Where in your code is something drawn?",
)
def from_the_beginning(data, batch, seq, generator=None):
    starts_of(data, batch, seq, None, high=1)
    steps = arange(batch, device=data.device) * seq
    return cut(data, steps % (len(data) - seq), seq)


@get_batch.mistake(
    "Windows start at multiples of seq only, so most windows never come.",
    "How many windows of 4 tokens does a text of 14 tokens hold?",
)
def on_a_grid(data, batch, seq, generator=None):
    pieces = starts_of(data, batch, seq, generator, high=max((len(data) - 1) // seq, 1))
    return cut(data, pieces * seq, seq)


@get_batch.mistake(
    "Every token is drawn by itself, so x is no stretch of the text.",
    "Are there as many draws as windows, or as many as tokens?",
)
def loose_tokens(data, batch, seq, generator=None):
    starts = starts_of(data, batch * seq, seq, generator)
    return data[starts].long().view(batch, seq), data[starts + 1].long().view(batch, seq)


@get_batch.mistake(
    "No start comes twice in a batch: windows are drawn without putting them back.",
    "May two windows of a batch be the same?",
)
def without_replacement(data, batch, seq, generator=None):
    starts_of(data, batch, seq, None, high=1)
    order = torch.randperm(len(data) - seq, generator=generator)
    return cut(data, torch.stack([order[i] for i in range(batch)]).to(data.device), seq)


@get_batch.mistake(
    "The generator is not used: the draws come from torch's global one.",
    "Where in your code is `generator`?",
)
def no_generator(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, None), seq)


@get_batch.mistake(
    "It sets a seed of its own, so the same windows come every time.",
    "Who should choose the seed: the function, or the one who calls it?",
)
def own_seed(data, batch, seq, generator=None):
    return cut(data, starts_of(data, batch, seq, torch.Generator().manual_seed(0)), seq)


@get_batch.mistake("The ids are floats.", "What dtype does an embedding take?")
def floats(data, batch, seq, generator=None):
    x, y = cut(data, starts_of(data, batch, seq, generator), seq)
    return x.float(), y.float()


@get_batch.mistake(
    "The ids keep the integer type of the data.", "What dtype does the task name for x and y?"
)
def not_widened(data, batch, seq, generator=None):
    x, y = cut(data, starts_of(data, batch, seq, generator), seq)
    return x.to(data.dtype), y.to(data.dtype)


@get_batch.mistake("The axes are exchanged: (seq, batch).", "Which axis of x comes first?")
def seq_first(data, batch, seq, generator=None):
    x, y = cut(data, starts_of(data, batch, seq, generator), seq)
    return x.mT, y.mT


@get_batch.mistake(
    "A text with room for exactly one window is refused.",
    "How many tokens do a window of 3 and its last follower need?",
)
def one_refused(data, batch, seq, generator=None):
    if len(data) <= seq + 1:
        raise ValueError("too short")
    return cut(data, starts_of(data, batch, seq, generator), seq)


@get_batch.mistake(
    "A text that is too short is not refused in words: it ends in whatever torch says.",
    "What does the docstring say should be raised?",
)
def not_checked(data, batch, seq, generator=None):
    starts = torch.randint(len(data) - seq, (batch,), generator=generator, device="cpu")
    return cut(data, starts.to(data.device), seq)
