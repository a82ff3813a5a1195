"""get_batch: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, arange, int16, int32, randperm, stack, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.decoder.windows import Generators, Windows
from autograder.judge import Close
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import batches

get_batch = Exercise(batches.get_batch, returns=("x", "y"))


def _data(length, seed):
    """Tokens in no order, none twice, none equal to its place."""
    return 100 + randperm(length, generator=Generator().manual_seed(seed))


FEW, MANY, SMALL = _data(14, 3), _data(400, 4), _data(27, 5).to(int16)
SHORT = _data(24, 6).to(int32)


@get_batch.case("a text with room for one window only, by hand", 0.5)
def no_choice(rng: Generator) -> ByHand:
    trial = ask(tensor([5, 3, 8, 1]), 2, 3, Seeded(1))
    return ByHand(trial, (tensor([[5, 3, 8]] * 2), tensor([[3, 8, 1]] * 2)))


@get_batch.case("windows, and what follows them", 2, judge=Windows(MANY, 6, 5))
def windows(rng: Generator) -> list[Trial]:
    return [ask(MANY, 6, 5, Seeded(7)), ask(MANY, 6, 5)]


@get_batch.case(
    "every start as often as any other",
    1.5,
    judge=Windows(FEW, 3000, 4),
    hint="A text of 14 tokens has 10 windows of 4 tokens with a follower.",
)
def starts(rng: Generator) -> Trial:
    return ask(FEW, 3000, 4, Seeded(8))


@get_batch.case("tokens of other integer types", 0.5, judge=Windows(SMALL, 300, 3))
def narrow(rng: Generator) -> Trial:
    return ask(SMALL, 300, 3, Seeded(9))


@get_batch.case("the generator decides, and nothing else", judge=Generators())
def generators(rng: Generator) -> list[Trial]:
    return [ask(MANY, 8, 5, Seeded(seed)) for seed in (7, 7, 8)]


@get_batch.case("two batches one after the other are not the same", 0.5, judge=Windows(FEW, 1, 4))
def one_after_the_other(rng: Generator) -> list[Trial]:
    return [ask(FEW, 1, 4, Seeded(seed)) for seed in range(30, 38)]


@get_batch.case("a text that is too short", 0.5, judge=Close())
def too_short(rng: Generator) -> list[Trial]:
    return [ask(MANY[:length], 2, 5, Seeded(1)) for length in (5, 4, 0)]


@get_batch.case("hidden", hidden=True, judge=Windows(SHORT, 2000, 7))
def hidden(rng: Generator) -> Trial:
    return ask(SHORT, 2000, 7, Seeded(int(torch.randint(999, (1,), generator=rng))))


@get_batch.house_rules(judge=Windows(MANY, 6, 5))
def typical(rng: Generator) -> Trial:
    return ask(MANY, 6, 5, Seeded(7))


def starts_of(data, batch, seq, generator, low=0, high=None):
    """The starts of a batch, drawn from low to high - 1."""
    if len(data) <= seq:
        raise ValueError("too short")
    high = len(data) - seq if high is None else high
    device = data.device if generator is None else generator.device
    return torch.randint(low, high, (batch,), generator=generator, device=device).to(data.device)


def cut(data, starts, seq, gap=1):
    """Windows at these starts, and windows `gap` places further; around the end if need be."""
    places = starts[:, None] + arange(seq, device=data.device)
    return data[places % len(data)].long(), data[(places + gap) % len(data)].long()


@get_batch.variant
def with_slices(data, batch, seq, generator=None):
    if len(data) < seq + 1:
        raise ValueError("the text is too short")
    starts = torch.randint(0, len(data) - seq, (batch,), generator=generator)
    x = stack([data[i : i + seq] for i in starts])
    y = stack([data[i + 1 : i + 1 + seq] for i in starts])
    return x.long(), y.long()


@get_batch.variant
def with_unfold(data, batch, seq, generator=None):
    if len(data) - seq <= 0:
        raise ValueError("nothing fits")
    every = data.unfold(0, seq + 1, 1)
    chosen = torch.randint(len(every), (batch,), generator=generator)
    rows = every[chosen.to(data.device)].to(torch.int64)
    return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


@get_batch.variant
def with_rand(data, batch, seq, generator=None):
    room = data.numel() - seq
    if room < 1:
        raise ValueError(room)
    x = torch.empty(batch, seq, dtype=torch.long, device=data.device)
    y = torch.empty_like(x)
    for row in range(batch):
        start = int(torch.rand((), generator=generator, dtype=torch.float64) * room)
        x[row], y[row] = data[start : start + seq], data[start + 1 : start + seq + 1]
    return x, y
