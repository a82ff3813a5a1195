"""span_noise_mask: which tokens are hidden. Judge and mistakes are in files of their own."""

import torch
from torch import Generator, randint, tensor

from autograder.exercise import Exercise
from autograder.exercises.encoder_decoder.noise import Noise, Seeds
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import span_corruption

span_noise_mask = Exercise(span_corruption.span_noise_mask)


def numbers(length: int, density: float, mean_span: float) -> tuple[int, int, int]:
    """Length, hidden tokens and spans, as the task counts them."""
    hidden = min(max(round(length * density), 1), length - 1)
    return length, hidden, min(max(round(hidden / mean_span), 1), hidden, length - hidden)


USUAL = (32, 0.25, 2.0)
SEVERAL = [(100, 0.15, 3.0), (20, 0.28, 2.5), (50, 0.17, 3.0), (64, 0.5, 4.0), (12, 0.3, 1.0)]
EDGES = [(2, 0.15, 3.0), (2, 0.9, 3.0), (3, 0.1, 3.0), (6, 0.99, 1.0), (9, 0.7, 1.0), (7, 0.2, 9.0)]
FAIR = (10, 0.4, 1.4)


def _judge(*settings, uniform=False):
    return Noise([numbers(*one) for one in settings], uniform)


@span_noise_mask.case("32 tokens, a quarter of them hidden, in spans of 2", 1, judge=_judge(USUAL))
def usual(rng: Generator) -> Trial:
    return ask(*USUAL, Seeded(1)).times(30)


@span_noise_mask.case(
    "the numbers are exact",
    2,
    judge=_judge(*SEVERAL),
    hint="The number of tokens and the number of spans are rounded, not cut off.",
)
def several(rng: Generator) -> list[Trial]:
    return [ask(*one, Seeded(i)).times(25) for i, one in enumerate(SEVERAL)]


@span_noise_mask.case(
    "hardly any tokens, and hardly any that stay",
    judge=_judge(*EDGES),
    hint="At least one token is hidden, and one stays; between two spans one must stay, too.",
)
def edges(rng: Generator) -> list[Trial]:
    return [ask(*one, Seeded(i)).times(25) for i, one in enumerate(EDGES)]


@span_noise_mask.case("every way of cutting is as likely", 1, judge=_judge(FAIR, uniform=True))
def fair(rng: Generator) -> Trial:
    return ask(*FAIR, Seeded(5)).times(1000)


@span_noise_mask.case(
    "the same seed hides the same tokens, another seed others", 0.5, judge=Seeds()
)
def seeds(rng: Generator) -> list[Trial]:
    return [ask(200, 0.15, 3.0, Seeded(seed)) for seed in (7, 7, 8)]


@span_noise_mask.case("what cannot be is refused", 0.5)
def refused(rng: Generator) -> list[Trial]:
    pairs = ((1, 0.5), (0, 0.5), (9, 0.0), (9, 1.0), (9, -0.2), (9, 15.0))
    return [ask(length, density, 3.0, Seeded(1)) for length, density in pairs]


@span_noise_mask.case("hidden numbers", hidden=True, judge=_judge((45, 0.31, 2.0), (11, 0.45, 2.0)))
def hidden(rng: Generator) -> list[Trial]:
    one, other = randint(10**6, (2,), generator=rng).tolist()
    return [
        ask(45, 0.31, 2.0, Seeded(one)).times(40),
        ask(11, 0.45, mean_span=2.0, generator=Seeded(other)).times(40),
    ]


@span_noise_mask.house_rules(0.5, judge=_judge((40, 0.3, 3.0)))
def typical(rng: Generator) -> Trial:
    return ask(40, 0.3, 3.0, Seeded(11))


def _numbers(length, density, mean_span):
    if length <= 1 or density <= 0 or density >= 1:
        raise ValueError("nothing to hide, or nothing to keep")
    return numbers(length, density, mean_span)[1:]


@span_noise_mask.variant
def shuffled_ones(length, density=0.15, mean_span=3.0, generator=None):
    """A row of zeros and ones, shuffled, says where a new piece begins."""
    hidden, spans = _numbers(length, density, mean_span)

    def pieces(tokens):
        new = torch.cat([torch.ones(spans - 1), torch.zeros(tokens - spans)]).long()
        new = new[torch.randperm(tokens - 1, generator=generator)]
        return torch.bincount(torch.cat([tensor([0]), new]).cumsum(0), minlength=spans)

    cut = torch.stack([pieces(length - hidden), pieces(hidden)], 1).flatten()
    ends = torch.zeros(length, dtype=torch.long)
    ends[cut.cumsum(0)[:-1]] = 1
    return ends.cumsum(0) % 2 == 1


@span_noise_mask.variant
def with_lists(length, density=0.15, mean_span=3.0, generator=None):
    """Cuts are drawn one by one; what was drawn already is drawn anew."""
    hidden, spans = _numbers(length, density, mean_span)

    def pieces(tokens):
        cuts = {0, tokens}
        while len(cuts) < spans + 1:
            cuts.add(int(torch.randint(1, tokens, (), generator=generator)))
        ordered = sorted(cuts)
        return [b - a for a, b in zip(ordered, ordered[1:], strict=False)]

    mask = []
    for stay, hide in zip(pieces(length - hidden), pieces(hidden), strict=True):
        mask += [False] * stay + [True] * hide
    return tensor(mask)


@span_noise_mask.variant
def by_order(length, density=0.15, mean_span=3.0, generator=None):
    hidden, spans = _numbers(length, density, mean_span)

    def pieces(tokens):
        order = torch.rand(tokens - 1, generator=generator).argsort()
        cuts = torch.sort(order[: spans - 1] + 1).values
        return torch.diff(cuts, prepend=tensor([0]), append=tensor([tokens]))

    mask, at = torch.zeros(length).bool(), 0
    for stay, hide in torch.stack([pieces(length - hidden), pieces(hidden)], -1).tolist():
        at += stay + hide
        mask[at - hide : at] = True
    return mask
