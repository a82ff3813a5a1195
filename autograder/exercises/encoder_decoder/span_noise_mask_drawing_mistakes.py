"""What goes wrong in span_noise_mask: what is drawn, and what is returned."""

import torch
from torch import Generator, tensor

from autograder.exercises.encoder_decoder.span_noise_mask import numbers, span_noise_mask
from autograder.exercises.encoder_decoder.span_noise_mask_steps import checked as _checked
from autograder.exercises.encoder_decoder.span_noise_mask_steps import draw as _draw
from autograder.exercises.encoder_decoder.span_noise_mask_steps import mask as _mask
from autograder.exercises.encoder_decoder.span_noise_mask_steps import pieces as _pieces


@span_noise_mask.mistake(
    "All spans are as long as each other; only their places are drawn.",
    "Must a span of mean length 3 have 3 tokens?",
)
def equal_spans(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    hide = torch.full((spans,), hidden // spans)
    hide[: hidden % spans] += 1
    return _mask(_pieces(length - hidden, spans, generator), hide)


@span_noise_mask.mistake(
    "The kept pieces are all as long as each other, so spans come at regular distances.",
    "Is the distance between two spans drawn at random?",
)
def equal_gaps(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    stay = torch.full((spans,), (length - hidden) // spans)
    stay[: (length - hidden) % spans] += 1
    return _mask(stay, _pieces(hidden, spans, generator))


@span_noise_mask.mistake(
    "Each token is dealt to a random piece: pieces of about the same length come too often.",
    "Two pieces of 4 tokens: in how many ways can they be cut? How often is 2 + 2 among yours?",
)
def dealt_out(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)

    def pieces(tokens):
        dealt = torch.randint(spans, (tokens - spans,), generator=generator)
        return torch.bincount(dealt, minlength=spans) + 1

    return _mask(pieces(length - hidden), pieces(hidden))


@span_noise_mask.mistake(
    "The pieces are cut off one after the other, each from what is left: the first ones are too "
    "long too often.",
    "Three pieces of 6 tokens: how likely is a first piece of 4 with your dice? In how many of the "
    "10 ways of cutting is it 4?",
)
def one_after_the_other(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)

    def pieces(left):
        cut = []
        for after in range(spans - 1, 0, -1):
            cut.append(int(torch.randint(1, left - after + 1, (), generator=generator)))
            left -= cut[-1]
        return tensor([*cut, left])

    return _mask(pieces(length - hidden), pieces(hidden))


@span_noise_mask.mistake(
    "The mask is turned round by a random number of places, so the first token may be hidden.",
    "What does the task say about the first token, and the last?",
)
def rolled(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    mask = _draw(*numbers(length, density, mean_span), generator)
    return mask.roll(int(torch.randint(length, (), generator=generator)))


@span_noise_mask.mistake(
    "The mask is upside down: True at the tokens that stay.", "What does True stand for here?"
)
def upside_down(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return ~_draw(*numbers(length, density, mean_span), generator)


@span_noise_mask.mistake(
    "The mask holds whole numbers, not booleans.", "Of which dtype is your mask?"
)
def of_numbers(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return _draw(*numbers(length, density, mean_span), generator).long()


@span_noise_mask.mistake(
    "The mask is one token too short.", "Do the lengths of your pieces add up to `length`?"
)
def too_short(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return _draw(*numbers(length, density, mean_span), generator)[:-1]


@span_noise_mask.mistake(
    "The generator is not used: the draws come from torch's global one.",
    "Where in your code does `generator` appear?",
)
def no_generator(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return _draw(*numbers(length, density, mean_span), None)


@span_noise_mask.mistake(
    "It sets the seed itself: every text is hidden at the same places.",
    "Who should choose the seed?",
)
def own_seed(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    return _draw(*numbers(length, density, mean_span), Generator().manual_seed(0))


@span_noise_mask.mistake(
    "Kept and hidden tokens are cut with the same dice, so that they depend on each other.",
    "How often does your code draw? Do the lengths of the spans tell those of the gaps?",
)
def same_dice(length, density=0.15, mean_span=3.0, generator=None):
    _checked(length, density)
    _, hidden, spans = numbers(length, density, mean_span)
    shares = torch.rand(max(length - 1, 1), generator=generator)

    def pieces(tokens):
        cuts = shares[: tokens - 1].argsort()[: spans - 1] + 1
        return torch.cat([tensor([0, tokens]), cuts]).sort().values.diff()

    return _mask(pieces(length - hidden), pieces(hidden))


@span_noise_mask.mistake(
    "A text of 1 token, or a density of 0 or 1, is not refused.",
    "What does the docstring say it raises?",
)
def refuses_nothing(length, density=0.15, mean_span=3.0, generator=None):
    if length < 2 or not 0 < density < 1:
        return torch.zeros(length).bool()
    return _draw(*numbers(length, density, mean_span), generator)
