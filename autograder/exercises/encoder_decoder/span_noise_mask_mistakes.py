"""What goes wrong in span_noise_mask: the numbers."""

import torch

from autograder.exercises.encoder_decoder.span_noise_mask import numbers, span_noise_mask
from autograder.exercises.encoder_decoder.span_noise_mask_steps import checked as _checked
from autograder.exercises.encoder_decoder.span_noise_mask_steps import draw as _draw
from autograder.exercises.encoder_decoder.span_noise_mask_steps import mask as _mask
from autograder.exercises.encoder_decoder.span_noise_mask_steps import pieces as _pieces


@span_noise_mask.mistake(
    "Every token is hidden by itself with probability `density`: no spans, and no exact number.",
    "How many tokens of 100 does your code hide, and how many the next time?",
)
def token_by_token(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return torch.rand(length, generator=generator) < density


@span_noise_mask.mistake(
    "The right number of tokens is hidden, but one by one, not in spans.",
    "What is `mean_span` for?",
)
def scattered(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = numbers(length, density, mean_span)[1]
    return torch.randperm(length, generator=generator) < hidden


@span_noise_mask.mistake(
    "Spans are thrown in anywhere and may overlap, so that fewer tokens are hidden.",
    "What happens where two of your spans meet?",
)
def overlapping(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    mask = torch.zeros(length).bool()
    for size in _pieces(hidden, spans, generator).tolist():
        start = int(torch.randint(length - size + 1, (), generator=generator))
        mask[start : start + size] = True
    return mask


@span_noise_mask.mistake(
    "Two spans may touch, and then they are one.",
    "How many kept tokens are there between two spans, at least?",
)
def touching(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    stay = _pieces(length - hidden + spans - 1, spans, generator) - 1
    stay[0] += 1
    return _mask(stay, _pieces(hidden, spans, generator))


@span_noise_mask.mistake(
    "`density` is taken for the share of spans: so many spans begin, each about `mean_span` long.",
    "Of 100 tokens with density 0.15, how many are hidden in all?",
)
def density_of_spans(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    spans = max(round(length * density), 1)
    hidden = min(round(spans * mean_span), length - 1)
    return _draw(length, hidden, min(spans, hidden, length - hidden), generator)


@span_noise_mask.mistake(
    "A hidden piece comes first, so the first token is hidden and the last one kept.",
    "Which of the two kinds of piece comes first?",
)
def hidden_first(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    return ~_draw(length, length - hidden, spans, generator)


@span_noise_mask.mistake(
    "The number of hidden tokens is cut off, not rounded.", "What is int(2.9), and round(2.9)?"
)
def cut_off(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = min(max(int(length * density), 1), length - 1)
    spans = min(max(round(hidden / mean_span), 1), hidden, length - hidden)
    return _draw(length, hidden, spans, generator)


@span_noise_mask.mistake(
    "In a short text nothing is hidden at all: the number is rounded down to 0.",
    "What is round(3 * 0.1)?",
)
def none_hidden(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    if round(length * density) < 1:
        return torch.zeros(length).bool()
    return _draw(*numbers(length, density, mean_span), generator)


@span_noise_mask.mistake(
    "In a short text all tokens are hidden: none stays.", "What is round(2 * 0.9)?"
)
def all_hidden(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    if round(length * density) >= length:
        return torch.ones(length).bool()
    return _draw(*numbers(length, density, mean_span), generator)


@span_noise_mask.mistake(
    "The number of spans is cut off, not rounded.", "What is 8 // 3, and round(8 / 3)?"
)
def spans_cut_off(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = numbers(length, density, mean_span)[1]
    spans = min(max(int(hidden / mean_span), 1), hidden, length - hidden)
    return _draw(length, hidden, spans, generator)


@span_noise_mask.mistake(
    "The number of spans is rounded up.", "What is round(5 / 3), and what ceil(5 / 3)? And 4 / 3?"
)
def spans_rounded_up(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = numbers(length, density, mean_span)[1]
    spans = min(max(-int(-hidden // mean_span), 1), hidden, length - hidden)
    return _draw(length, hidden, spans, generator)


@span_noise_mask.mistake(
    "With few hidden tokens there is no span at all, and it breaks or hides nothing.",
    "With 1 token to hide and a mean of 9, how many spans does your code want?",
)
def no_span(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    if round(hidden / mean_span) < 1:
        return torch.zeros(length).bool()
    return _draw(length, hidden, spans, generator)


@span_noise_mask.mistake(
    "When few tokens stay, more spans are wanted than can be kept apart.",
    "Between 5 spans, how many tokens have to stay? What if only 1 does?",
)
def too_many_spans(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = numbers(length, density, mean_span)[1]
    spans = max(round(hidden / mean_span), 1)
    return _mask(_pieces(length - hidden, spans, generator), _pieces(hidden, spans, generator))


@span_noise_mask.mistake("All hidden tokens are in one span.", "Where in your code is `mean_span`?")
def one_span(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return _draw(length, numbers(length, density, mean_span)[1], 1, generator)


@span_noise_mask.mistake(
    "There are as many spans as `mean_span` says: it is taken for their number, not their length.",
    "What does `mean_span` count, spans or the tokens in one?",
)
def mean_is_number(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    hidden = numbers(length, density, mean_span)[1]
    return _draw(length, hidden, min(round(mean_span), hidden, length - hidden), generator)
