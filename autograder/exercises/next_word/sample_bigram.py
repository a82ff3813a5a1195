"""sample_bigram: a bigram model writes."""

import torch
from torch import Generator, empty, multinomial, rand, randperm, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.next_word.judges import Chain, Seeds
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import ngram

sample_bigram = Exercise(ngram.sample_bigram)

# No row like another, nor like its own column; some pairs never come.
TABLE = tensor(
    [[0.1, 0.6, 0.3, 0.0], [0.5, 0.0, 0.1, 0.4], [0.0, 0.1, 0.5, 0.4], [0.7, 0.1, 0.1, 0.1]]
)


def _write(rows, start, length, generator, step=lambda row, g: multinomial(row, 1, generator=g)):
    """Write, each token drawn by `step` from the row of the one before; the start comes first."""
    if not 0 <= start < len(rows):
        raise ValueError("no such token")
    ids = [tensor([start], device=rows.device)]
    for _ in range(length):
        ids.append(step(rows[ids[-1]][0], generator))
    return torch.cat(ids)


@sample_bigram.case("a table that leaves no choice, by hand")
def no_choice(rng: Generator) -> ByHand:
    table = tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    return ByHand(ask(table, 1, 5), tensor([2, 0, 1, 2, 0]))


@sample_bigram.case("every pair as often as the table says", 2, judge=Chain(TABLE, 2))
def frequencies(rng: Generator) -> list[Trial]:
    return [ask(TABLE, 2, 900, Seeded(11)), ask(TABLE, 2, 900)]


@sample_bigram.case("the same seed writes the same text, another seed another", judge=Seeds())
def seeds(rng: Generator) -> list[Trial]:
    return [ask(TABLE, 0, 60, Seeded(seed)) for seed in (7, 7, 8)]


@sample_bigram.case("nothing to write, and a start that does not exist")
def edges(rng: Generator) -> list[Trial]:
    return [ask(TABLE, 1, 0), ask(TABLE, 4, 3), ask(TABLE, -1, 3)]


@sample_bigram.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    around = randperm(6, generator=rng)
    table = torch.zeros(6, 6)
    table[around, around.roll(1)] = 1
    return [ask(table, start, 9, Seeded(start)) for start in (0, 3)]


@sample_bigram.house_rules(judge=Chain(TABLE, 3))
def typical(rng: Generator) -> Trial:
    return ask(TABLE, 3, 300, Seeded(5))


@sample_bigram.mistake(
    "It always takes the likeliest token.",
    "Does your text ever change with the seed? Where is the dice?",
)
def likeliest(probs, start, length, generator=None):
    return _write(probs, start, length, None, lambda row, g: row.argmax().reshape(1))[1:]


@sample_bigram.mistake(
    "All tokens are equally likely, whatever the table says.",
    "Where in your draw do the probabilities appear?",
)
def uniform(probs, start, length, generator=None):
    flat = torch.ones_like(probs) / len(probs)
    return _write(flat, start, length, generator)[1:]


@sample_bigram.mistake(
    "The generator is not used: the draws come from torch's global one.",
    "Where in your code does `generator` appear?",
)
def no_generator(probs, start, length, generator=None):
    return _write(probs, start, length, None)[1:]


@sample_bigram.mistake(
    "The generator is set back before each draw, so the dice always fall alike.",
    "How often is a seed set in your code? What does the same seed give twice?",
)
def same_dice(probs, start, length, generator=None):
    def step(row, g):
        g = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)
        return multinomial(row, 1, generator=g)

    return _write(probs, start, length, generator, step)[1:]


@sample_bigram.mistake(
    "Every draw is from the row of the start.",
    "Which token comes before the third one? From which row is the third one drawn?",
)
def never_moves(probs, start, length, generator=None):
    if not 0 <= start < len(probs):
        raise ValueError("no such token")
    if not length:
        return empty(0, dtype=torch.int64)
    return multinomial(probs[start], length, replacement=True, generator=generator)


@sample_bigram.mistake(
    "The first draw is from row 0, wherever the text starts.",
    "Where in your code does `start` appear?",
)
def from_row_zero(probs, start, length, generator=None):
    if not 0 <= start < len(probs):
        raise ValueError("no such token")
    return _write(probs, 0, length, generator)[1:]


@sample_bigram.mistake(
    "The start is returned as well: one token too many.",
    "How many tokens are asked for, and is the start one of them?",
)
def with_the_start(probs, start, length, generator=None):
    return _write(probs, start, length, generator)


@sample_bigram.mistake(
    "The start takes the place of the first token that is drawn.",
    "Is the start among the tokens that are asked for?",
)
def start_counted(probs, start, length, generator=None):
    return _write(probs, start, length, generator)[:length]


@sample_bigram.mistake(
    "The table is read by columns: it draws what comes before a token, not after it.",
    "Row a holds what comes after a. Do you take a row or a column?",
)
def by_columns(probs, start, length, generator=None):
    return _write(probs.mT, start, length, generator)[1:]


@sample_bigram.mistake(
    "The probabilities go through a softmax once more, which makes them nearly equal.",
    "Do the rows of the table not sum to 1 already?",
)
def softmax_again(probs, start, length, generator=None):
    return _write(probs.softmax(-1), start, length, generator)[1:]


@sample_bigram.mistake(
    "No token is followed by itself.", "Can `hello` be written by your function?"
)
def no_doubles(probs, start, length, generator=None):
    def step(row, g):
        return multinomial(row, 1, generator=g)

    off = torch.eye(len(probs), device=probs.device).bool()
    return _write(probs.masked_fill(off, 0), start, length, generator, step)[1:]


@sample_bigram.mistake(
    "It returns a list of numbers, not a tensor.", "What does the task say is returned?"
)
def as_list(probs, start, length, generator=None):
    return _write(probs, start, length, generator)[1:].tolist()


@sample_bigram.mistake(
    "A negative start is not refused: it counts from the end of the table.",
    "What does probs[-1] mean in Python? Should token -1 have a row?",
)
def from_the_end(probs, start, length, generator=None):
    if start >= len(probs):
        raise ValueError("no such token")
    return _write(probs, start % len(probs), length, generator)[1:]


@sample_bigram.mistake(
    "It sets the seed itself, so that it writes the same text every time.",
    "Who should choose the seed: the function, or the one who calls it?",
)
def own_seed(probs, start, length, generator=None):
    torch.manual_seed(0)
    return _write(probs, start, length, None)[1:]


@sample_bigram.variant
def by_cumulative_sums(probs, start, length, generator=None):
    if start < 0 or start >= len(probs):
        raise ValueError(f"no row {start}")
    ids = []
    for _ in range(length):
        dice = rand(1, generator=generator, dtype=probs.dtype).to(probs.device)
        last = ids[-1] if ids else tensor([start], device=probs.device)
        ids.append((probs[last].cumsum(-1) <= dice).sum(-1).clamp(max=len(probs) - 1))
    return torch.cat(ids) if ids else tensor([], dtype=torch.int64)


@sample_bigram.variant
def one_number_at_a_time(probs, start, length, generator=None):
    if start not in range(len(probs)):
        raise ValueError(f"no row {start}")
    ids = [start]
    while len(ids) <= length:
        ids.append(torch.multinomial(probs[ids[-1]], num_samples=1, generator=generator).item())
    return tensor(ids[1:], dtype=torch.long)


@sample_bigram.variant
def with_exponential_race(probs, start, length, generator=None):
    """The token whose exponential clock rings first: each draw needs no sum of probabilities."""
    if not 0 <= start < len(probs):
        raise ValueError(f"no row {start}")
    ids = empty(length, dtype=torch.long)
    for i in range(length):
        clocks = empty(len(probs)).exponential_(generator=generator)
        start = ids[i] = int((probs[start].cpu() / clocks).argmax())
    return ids
