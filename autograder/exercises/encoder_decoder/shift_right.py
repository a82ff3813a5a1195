"""shift_right: what the decoder reads while it learns."""

import torch
from torch import Generator, cat, full_like, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import seq2seq

shift_right = Exercise(seq2seq.shift_right)


@shift_right.case("two targets, by hand", 0.5)
def by_hand(rng: Generator) -> ByHand:
    labels = tensor([[7, 8, 9, 2], [5, 2, -100, -100]])
    return ByHand(ask(labels, 1, 0), tensor([[1, 7, 8, 9], [1, 5, 2, 0]]))


@shift_right.case("the target moves by one place to the right", 2)
def moves(rng: Generator) -> list[Trial]:
    labels = randint(10, 30, (3, 6), generator=rng)
    return [ask(labels, 4, 3), ask(labels, 30, 31)]


@shift_right.case(
    "places that the loss leaves out",
    hint="A label of -100 may stand anywhere; no embedding has a row -100.",
)
def left_out(rng: Generator) -> list[Trial]:
    labels = randint(10, 30, (3, 6), generator=rng)
    labels[0, 2:4] = labels[1, 0] = labels[2, 3:] = -100
    return [ask(labels, 4, 3), ask(labels, 3, 40)]


@shift_right.case(
    "a start that is the padding, the end, or a word of the text",
    0.5,
    hint="T5 starts with its padding, BART with its end.",
)
def one_id_twice(rng: Generator) -> list[Trial]:
    labels = tensor([[5, 6, 7, 2, -100], [6, 2, -100, -100, -100]])
    return [ask(labels, start, 0) for start in (0, 2, 6)]


@shift_right.case("one label, and none", 0.5)
def short(rng: Generator) -> list[Trial]:
    return [ask(tensor([[9], [8]]), 1, 0), ask(torch.zeros(2, 0, dtype=torch.int64), 1, 0)]


@shift_right.case("hidden targets", 0.5, hidden=True)
def hidden(rng: Generator) -> Trial:
    labels = randint(10, 50, (4, 7), generator=rng)
    labels[1, 5:] = labels[2, 3] = -100
    start, pad = randint(2, 10, (2,), generator=rng).tolist()
    return ask(labels, start, pad - start % 2)


@shift_right.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(tensor([[7, 8, 9, 2], [5, 2, -100, -100], [6, 4, 2, -100]]), 1, 3)


def _filled(inputs, pad_id):
    return inputs.masked_fill(inputs == -100, pad_id)


def _start(labels, start_id):
    return full_like(labels[:, :1], start_id)


@shift_right.mistake(
    "The start token is put in front, but the last label is not dropped: one place too many.",
    "How many inputs are there for n labels?",
)
def one_too_many(labels, start_id, pad_id):
    return _filled(cat([_start(labels, start_id), labels], 1), pad_id)


@shift_right.mistake(
    "It rolls: the last label wraps around to the front, and there is no start token.",
    "What does `roll` do with what falls out at the end?",
)
def rolls(labels, start_id, pad_id):
    return _filled(labels.roll(1, 1), pad_id)


@shift_right.mistake(
    "The start token overwrites the first label; nothing is shifted.",
    "Which token should the decoder have read when it guesses the second label?",
)
def overwrites(labels, start_id, pad_id):
    return _filled(cat([_start(labels, start_id), labels[:, 1:]], 1)[:, : labels.shape[1]], pad_id)


@shift_right.mistake(
    "The inputs are the labels themselves: the decoder is shown the token it should guess.",
    "What would the loss be of a model that copies its input?",
)
def unshifted(labels, start_id, pad_id):
    return _filled(labels, pad_id)


@shift_right.mistake(
    "It shifts to the left: the first label is dropped.",
    "When the first label is guessed, what has been read?",
)
def shifts_left(labels, start_id, pad_id):
    end = full_like(labels[:, :1], pad_id)
    return _filled(cat([labels[:, 1:], end], 1)[:, : labels.shape[1]], pad_id)


@shift_right.mistake("The start token stands at the end.", "Which of the inputs is read first?")
def start_at_the_end(labels, start_id, pad_id):
    end = _start(labels, start_id)
    return _filled(cat([labels[:, 1:], end], 1)[:, : labels.shape[1]], pad_id)


@shift_right.mistake(
    "Labels of -100 are left in the inputs.", "Which row of an embedding belongs to -100?"
)
def keeps_ignored(labels, start_id, pad_id):
    return cat([_start(labels, start_id), labels[:, :-1]], 1)


@shift_right.mistake("Labels of -100 become the start token.", "Which id fills up short texts?")
def ignored_to_start(labels, start_id, pad_id):
    return _filled(cat([_start(labels, start_id), labels[:, :-1]], 1), start_id)


@shift_right.mistake(
    "Every negative or padded label is made 0, whatever `pad_id` is.",
    "Is the id of the padding 0 in every vocabulary?",
)
def ignored_to_zero(labels, start_id, pad_id):
    return cat([_start(labels, start_id), labels[:, :-1]], 1).clamp(min=0)


@shift_right.mistake(
    "The text starts with the padding, not with `start_id`.",
    "Both may be the same id, as in T5. Are they here?",
)
def starts_with_padding(labels, start_id, pad_id):
    return _filled(cat([_start(labels, pad_id), labels[:, :-1]], 1), pad_id)


@shift_right.mistake(
    "The text starts with the last label, the end token, as BART's own code does.",
    "Where in your code is `start_id`?",
)
def starts_with_end(labels, start_id, pad_id):
    real = (labels != -100).sum(1, keepdim=True).clamp(min=1) - 1
    if not labels.shape[1]:
        return labels
    return _filled(cat([labels.gather(1, real), labels[:, :-1]], 1), pad_id)


@shift_right.mistake(
    "It moves the rows of the batch, not the tokens of each row.",
    "Which axis holds the tokens of one text?",
)
def along_the_batch(labels, start_id, pad_id):
    return _filled(cat([full_like(labels[:1], start_id), labels[:-1]], 0), pad_id)


@shift_right.mistake(
    "The labels are changed in place, so that the loss sees the inputs.",
    "Does your function write into `labels`? Who needs them afterwards?",
)
def in_place(labels, start_id, pad_id):
    labels[:, 1:] = labels[:, :-1].clone()
    labels[:, :1] = start_id
    labels[labels == -100] = pad_id
    return labels


@shift_right.mistake(
    "The end of a short target is cut off with its padding: an end token that is followed by "
    "padding is no input.",
    "After the end token, the decoder reads on in the longer rows. What stands there in a short "
    "one?",
)
def end_is_padding(labels, start_id, pad_id):
    inputs = cat([_start(labels, start_id), labels[:, :-1]], 1)
    return inputs.masked_fill(labels == -100, pad_id).masked_fill(inputs == -100, pad_id)


@shift_right.variant
def with_new_tensor(labels, start_id, pad_id):
    inputs = labels.new_full(labels.shape, start_id)
    inputs[:, 1:] = torch.where(labels == -100, pad_id, labels)[:, :-1]
    return inputs


@shift_right.variant
def rolled_and_mended(labels, start_id, pad_id):
    inputs = torch.roll(labels, 1, dims=-1)
    inputs[:, :1] = start_id
    return torch.where(inputs.eq(-100), torch.full_like(inputs, pad_id), inputs)


@shift_right.variant
def with_pad(labels, start_id, pad_id):
    shifted = torch.nn.functional.pad(labels, (1, 0), value=start_id)[:, : labels.shape[-1]]
    return shifted.masked_fill(shifted < 0, pad_id)
