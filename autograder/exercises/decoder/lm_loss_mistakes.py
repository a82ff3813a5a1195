"""What goes wrong in lm_loss."""

import math

import torch
from torch.nn import functional as F

from autograder.exercises.decoder.lm_loss import lm_loss
from gradus.probability import cross_entropy


def _counts(ids, padding):
    """True where a prediction counts: the token and its successor are real."""
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return real[:, :-1] & real[:, 1:]


def _loss(logits, targets, counts):
    """The mean over targets that count."""
    return cross_entropy(logits, targets.masked_fill(~counts, -100))


def _each(logits, ids):
    """The loss of every prediction."""
    return F.cross_entropy(logits[:, :-1].mT, ids[:, 1:], reduction="none")


@lm_loss.mistake(
    "Nothing is shifted: every token is to predict itself.",
    "What should the logits at position 3 predict: token 3, or another one?",
)
def not_shifted(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return _loss(logits, ids, real)


@lm_loss.mistake(
    "It is shifted the wrong way: every token is to predict the one before it.",
    "Which of the two loses its first entry, and which its last?",
)
def backwards(logits, ids, padding=None):
    return _loss(logits[:, 1:], ids[:, :-1], _counts(ids, padding))


@lm_loss.mistake(
    "Logits and ids are both shifted, so every token still predicts itself.",
    "After your two cuts, which id stands beside the logits of position 0?",
)
def both_shifted(logits, ids, padding=None):
    return _loss(logits[:, 1:], ids[:, 1:], _counts(ids, padding))


@lm_loss.mistake(
    "It is shifted twice: every token is to predict the one after the next.",
    "How many places lie between the logits and the id beside them?",
)
def shifted_twice(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return _loss(logits[:, :-2], ids[:, 2:], real[:, :-2] & real[:, 2:])


@lm_loss.mistake(
    "The ids are rolled, so the last logits are to predict the first token.",
    "What comes after the last token of a text?",
)
def rolled(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return _loss(logits, ids.roll(-1, 1), real & real.roll(-1, 1))


@lm_loss.mistake(
    "All texts are laid end to end before the shift, so one text's end predicts the next one's "
    "beginning.",
    "In which order do you flatten and shift?",
)
def across_texts(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    flat = real.flatten()
    return _loss(logits.flatten(0, 1)[:-1], ids.flatten()[1:], flat[:-1] & flat[1:])


@lm_loss.mistake(
    "Logits and ids are flattened in different orders, so they do not belong together.",
    "Is one of the two transposed before it is flattened?",
)
def mixed_up(logits, ids, padding=None):
    flat = logits[:, :-1].transpose(0, 1).flatten(0, 1)
    return _loss(flat, ids[:, 1:].flatten(), _counts(ids, padding).flatten())


@lm_loss.mistake("Padding counts like any other token.", "Where in your code is `padding`?")
def padding_counted(logits, ids, padding=None):
    return _loss(logits[:, :-1], ids[:, 1:], _counts(ids, None))


@lm_loss.mistake(
    "Padding counts, and the real tokens do not.", "What does True stand for in `padding`?"
)
def padding_inverted(logits, ids, padding=None):
    return _loss(logits[:, :-1], ids[:, 1:], _counts(ids, None if padding is None else ~padding))


@lm_loss.mistake(
    "Padding in front of a text is made to predict the text's first token.",
    "Two tokens take part in a prediction. Are both real?",
)
def target_only(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return _loss(logits[:, :-1], ids[:, 1:], real[:, 1:])


@lm_loss.mistake(
    "The last token of a text is made to predict the padding behind it.",
    "Two tokens take part in a prediction. Are both real?",
)
def source_only(logits, ids, padding=None):
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return _loss(logits[:, :-1], ids[:, 1:], real[:, :-1])


@lm_loss.mistake(
    "Id 0 never counts, as if it were always padding.",
    "May a real token have the id that is used for padding?",
)
def zero_ignored(logits, ids, padding=None):
    return _loss(logits[:, :-1], ids[:, 1:], _counts(ids, padding) & (ids[:, 1:] != 0))


@lm_loss.mistake("The losses are added up, not averaged.", "Does the task say sum or mean?")
def summed(logits, ids, padding=None):
    return (_each(logits, ids) * _counts(ids, padding)).sum()


@lm_loss.mistake(
    "Each text is averaged by itself, so a token of a short text weighs more.",
    "By what is the sum over all texts divided, and how often?",
)
def text_means(logits, ids, padding=None):
    counts = _counts(ids, padding)
    means = (_each(logits, ids) * counts).sum(-1) / counts.sum(-1).clamp(min=1)
    return means.mean()


@lm_loss.mistake(
    "The sum is divided by all predictions, those that do not count included.",
    "By how many is the sum divided when half of the batch is padding?",
)
def divided_by_all(logits, ids, padding=None):
    losses = _each(logits, ids) * _counts(ids, padding)
    return losses.sum() / max(losses.numel(), 1)


@lm_loss.mistake(
    "The sum is divided by the number of real tokens, one too many for every text.",
    "How many predictions does a text of four tokens hold?",
)
def divided_by_tokens(logits, ids, padding=None):
    losses = _each(logits, ids) * _counts(ids, padding)
    real = torch.ones_like(ids, dtype=torch.bool) if padding is None else padding
    return losses.sum() / real.sum().clamp(min=1)


@lm_loss.mistake(
    "The sum is divided by the number of texts.", "Is it the mean over texts, or over predictions?"
)
def divided_by_texts(logits, ids, padding=None):
    return (_each(logits, ids) * _counts(ids, padding)).sum() / len(ids)


@lm_loss.mistake(
    "Where nothing counts, it divides 0 by 0.", "What is the mean of no losses, says the task?"
)
def nan_at_nothing(logits, ids, padding=None):
    counts = _counts(ids, padding)
    return (_each(logits, ids) * counts).sum() / counts.sum()


@lm_loss.mistake(
    "The logits go through a softmax before the cross-entropy, which takes one itself.",
    "How many softmaxes lie between logits and loss?",
)
def softmax_twice(logits, ids, padding=None):
    return _loss(logits[:, :-1].softmax(-1), ids[:, 1:], _counts(ids, padding))


@lm_loss.mistake("It is in bits, not in nats.", "Which logarithm does the task mean?")
def in_bits(logits, ids, padding=None):
    return _loss(logits[:, :-1], ids[:, 1:], _counts(ids, padding)) / math.log(2)


@lm_loss.mistake(
    "It returns the perplexity: e to the power of the loss.",
    "Which number should be lowered by training, says the task?",
)
def perplexity(logits, ids, padding=None):
    return _loss(logits[:, :-1], ids[:, 1:], _counts(ids, padding)).exp()


@lm_loss.mistake(
    "It takes the softmax first and the logarithm afterwards: certainty becomes log(0).",
    "What is the softmax of a token that is 10,000 below the best, and its logarithm?",
)
def log_of_softmax(logits, ids, padding=None):
    chosen = logits[:, :-1].softmax(-1).log().gather(-1, ids[:, 1:, None]).squeeze(-1)
    counts = _counts(ids, padding)
    return -chosen.masked_fill(~counts, 0).sum() / counts.sum().clamp(min=1)


@lm_loss.mistake(
    "It writes -100 into the ids it was given.", "Whose tensor do you write to? Is it a copy?"
)
def in_place(logits, ids, padding=None):
    counts, targets = _counts(ids, padding), ids[:, 1:]
    loss = _loss(logits[:, :-1], targets.clone(), counts)
    targets[~counts] = -100
    return loss


@lm_loss.mistake(
    "The first prediction is left out as well.", "Is anything cut off twice at the beginning?"
)
def first_left_out(logits, ids, padding=None):
    return _loss(logits[:, 1:-1], ids[:, 2:], _counts(ids, padding)[:, 1:])
