"""bigram_probs: counts into probabilities, one distribution a row. Mistakes: see the next file."""

from torch import Generator, full_like, ones, randint, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.exercises.next_word.judges import AnyDtype
from autograder.trial import Trial, ask
from gradus import ngram

bigram_probs = Exercise(ngram.bigram_probs)


def refuse(alpha):
    """The part of the task that nearly all mistakes get right."""
    if alpha < 0:
        raise ValueError("alpha is negative")


@bigram_probs.case("two rows, by hand", judge=AnyDtype())
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([[3, 1], [2, 8]])), tensor([[0.75, 0.25], [0.2, 0.8]]))


@bigram_probs.case("one is added to every count, by hand", 2, judge=AnyDtype())
def smoothed(rng: Generator) -> list[Trial]:
    return [
        ask(tensor([[3, 1, 0], [0, 2, 0], [1, 1, 1]]), 1.0),
        ask(randint(9, (4, 4), generator=rng), 0.3),
    ]


@bigram_probs.case(
    "a token that nothing was seen after",
    hint="Where nothing was counted and alpha is 0, all tokens are equally likely.",
    judge=AnyDtype(),
)
def unseen(rng: Generator) -> list[Trial]:
    counts = tensor([[0, 2, 2, 0], [0, 0, 0, 0], [5, 0, 0, 1], [0, 0, 1, 0]])
    return [ask(counts), ask(counts, 0.5), ask(zeros(4, 4).long(), 0.1)]


@bigram_probs.case("a negative alpha is refused", judge=AnyDtype())
def negative(rng: Generator) -> Trial:
    return ask(ones(2, 2).long(), -0.5)


@bigram_probs.case("hidden cases, in float32", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    counts = randint(20, (6, 6), generator=rng)
    counts[3] = 0
    return [ask(counts), ask(counts, alpha=0.7)]


@bigram_probs.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randint(1, 9, (5, 5), generator=rng), 0.2)


@bigram_probs.variant
def row_by_row(counts, alpha=0.0):
    if alpha < 0:
        raise ValueError("alpha must not be negative")
    rows = counts.float()
    for i in range(len(rows)):
        row = rows[i] + alpha
        rows[i] = row / row.sum() if row.sum() > 0 else full_like(row, 1 / len(row))
    return rows


@bigram_probs.variant
def from_a_formula(counts, alpha=0.0):
    assert counts.dim() == 2
    refuse(alpha)
    vocab = counts.size(1)
    total = counts.sum(dim=1, keepdim=True) + alpha * vocab
    return ((counts + alpha) / total).nan_to_num(1 / vocab)


@bigram_probs.variant
def empty_rows_filled(counts, alpha=0.0):
    refuse(alpha)
    rows = counts.float() + alpha
    rows = rows.masked_fill(rows.sum(1, keepdim=True) == 0, 1.0)
    return rows / rows.sum(1).unsqueeze(1)
