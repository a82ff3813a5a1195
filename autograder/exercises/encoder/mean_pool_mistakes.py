"""What goes wrong in mean_pool."""

import torch
from torch.nn import functional as F

from autograder.exercises.encoder.mean_pool import mean_pool


def _all(x, padding):
    """The padding, all True where none is given."""
    if padding is None:
        return torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
    return padding


def _total(x, padding):
    return x.masked_fill(~padding.unsqueeze(-1), 0).sum(1)


def _mean(x, padding):
    return _total(x, padding) / padding.sum(1, keepdim=True).clamp(min=1)


@mean_pool.mistake(
    "The padding counts like any token.", "Where in your code does `padding` appear?"
)
def everything(x, padding=None):
    return x.mean(1)


@mean_pool.mistake(
    "The sum leaves the padding out, but it is divided by the length with padding.",
    "By how many do you divide when 2 of 5 tokens are real?",
)
def divided_by_length(x, padding=None):
    return _total(x, _all(x, padding)) / x.shape[1]


@mean_pool.mistake(
    "The sum has the padding in it; only the divisor leaves it out.",
    "Which vectors does your sum add up?",
)
def sum_of_all(x, padding=None):
    return x.sum(1) / _all(x, padding).sum(1, keepdim=True).clamp(min=1)


@mean_pool.mistake("It returns the sum.", "By what is a sum divided to make it a mean?")
def the_sum(x, padding=None):
    return _total(x, _all(x, padding))


@mean_pool.mistake(
    "It divides by the real tokens of the whole batch.",
    "How many real tokens has this text? Which axis do you count along?",
)
def counted_over_batch(x, padding=None):
    padding = _all(x, padding)
    return _total(x, padding) / padding.sum().clamp(min=1)


@mean_pool.mistake(
    "Every text is divided by the length of the first.", "Is there an index 0 in your divisor?"
)
def length_of_first(x, padding=None):
    padding = _all(x, padding)
    return _total(x, padding) / padding[0].sum().clamp(min=1)


@mean_pool.mistake(
    "It divides by one more than there are real tokens.",
    "How do you avoid 0 / 0 without touching the other texts?",
)
def one_too_many(x, padding=None):
    padding = _all(x, padding)
    return _total(x, padding) / (padding.sum(1, keepdim=True) + 1)


@mean_pool.mistake(
    "The padding is read the wrong way round: its vectors are averaged, the real ones left out.",
    "What does True stand for in `padding`?",
)
def inverted(x, padding=None):
    return x.mean(1) if padding is None else _mean(x, ~padding)


@mean_pool.mistake(
    "It returns the vector of the first token ([CLS]).",
    "How many of a text's tokens have a say in your result?",
)
def first_token(x, padding=None):
    return x[:, 0]


@mean_pool.mistake(
    "It returns the vector of the last position.",
    "How many of a text's tokens have a say in your result?",
)
def last_position(x, padding=None):
    return x[:, -1]


@mean_pool.mistake(
    "It returns the largest number at each place, not the mean.", "Which pooling is asked?"
)
def largest(x, padding=None):
    padding = _all(x, padding).unsqueeze(-1)
    return x.masked_fill(~padding, torch.finfo(x.dtype).min).amax(1)


@mean_pool.mistake(
    "It takes for granted that the padding stands behind the text.",
    "Where are the real tokens of a text that is padded on the left?",
)
def padding_behind(x, padding=None):
    padding = _all(x, padding)
    places = torch.arange(x.shape[1], device=x.device)
    return _mean(x, places < padding.sum(1, keepdim=True))


@mean_pool.mistake(
    "It averages over the numbers of each vector, not over the positions.",
    "Which axis should be gone from the result?",
)
def over_numbers(x, padding=None):
    return (x * _all(x, padding).unsqueeze(-1)).mean(-1)


@mean_pool.mistake("It averages over the batch.", "Which axis should be gone from the result?")
def over_batch(x, padding=None):
    padding = _all(x, padding)
    total = x.masked_fill(~padding.unsqueeze(-1), 0).sum(0)
    return total / padding.sum(0).unsqueeze(-1).clamp(min=1)


@mean_pool.mistake(
    "One mean is taken of all tokens of the batch, and every text gets it.",
    "How many vectors should come out for four texts?",
)
def one_for_all(x, padding=None):
    padding = _all(x, padding)
    mean = _total(x, padding).sum(0) / padding.sum().clamp(min=1)
    return mean.expand(len(x), -1)


@mean_pool.mistake(
    "The axis of the positions is left in the result, with length 1.",
    "What shape has x.mean(1)?",
)
def axis_kept(x, padding=None):
    return _mean(x, _all(x, padding)).unsqueeze(1)


@mean_pool.mistake(
    "The padding is multiplied by 0, and inf or nan times 0 is nan.",
    "Which operation puts a number in the place of another, whatever it was?",
)
def times_zero(x, padding=None):
    padding = _all(x, padding).unsqueeze(-1).to(x.dtype)
    return (x * padding).sum(1) / padding.sum(1).clamp(min=1)


@mean_pool.mistake(
    "A text without a real token becomes 0 / 0.", "By what do you divide when nothing is real?"
)
def nothing_is_nan(x, padding=None):
    padding = _all(x, padding)
    return _total(x, padding) / padding.sum(1, keepdim=True)


@mean_pool.mistake(
    "It is always given padding; without any, it fails.",
    "What is `padding` when nobody gives it?",
)
def always_given(x, padding=None):
    return _mean(x, padding)


@mean_pool.mistake(
    "In half precision, the result comes out in float32.",
    "What is the dtype of a half times padding.float()?",
)
def too_wide(x, padding=None):
    padding = _all(x, padding).unsqueeze(-1)
    total = (x.masked_fill(~padding, 0) * padding.float()).sum(1)
    return total / padding.sum(1).clamp(min=1)


@mean_pool.mistake(
    "The means are brought to length 1.", "Does the docstring change the length of the mean?"
)
def unit_length(x, padding=None):
    return F.normalize(_mean(x, _all(x, padding)), dim=-1)


@mean_pool.mistake(
    "It sets the padding to 0 in the caller's own tensor.",
    "What does x[~padding] = 0 change, and what the underscore in masked_fill_?",
)
def in_place(x, padding=None):
    padding = _all(x, padding)
    x.masked_fill_(~padding.unsqueeze(-1), 0)
    return x.sum(1) / padding.sum(1, keepdim=True).clamp(min=1)
