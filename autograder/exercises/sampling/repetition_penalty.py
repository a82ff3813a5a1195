"""repetition_penalty: what stands in the text already becomes less likely."""

import torch
from torch import Generator, randint, randn, tensor, where

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import penalty as layer

repetition_penalty = Exercise(layer.repetition_penalty)

INF = torch.inf


@repetition_penalty.case(
    "a positive and a negative logit, by hand", 0.5, hint="Tokens 0 and 1 are in the text."
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(tensor([[4.0, -3, 2, -1]]), tensor([[0, 1]]), 2.0)
    return ByHand(trial, tensor([[2.0, -6, 2, -1]]))


@repetition_penalty.case("each row by its own text", 1.5)
def rows(rng: Generator) -> list[Trial]:
    logits, ids = 3 * randn(3, 7, generator=rng), randint(7, (3, 4), generator=rng)
    return [ask(logits, ids, penalty) for penalty in (1.3, 2.5, 0.7, 1.0)]


@repetition_penalty.case(
    "a token that stands there three times",
    1,
    hint="Once or three times: the penalty is the same.",
)
def repeated(rng: Generator) -> Trial:
    ids = tensor([[2, 2, 2, 0], [1, 3, 1, 1]])
    return ask(tensor([[1.0, -2, 8, -8, 0], [-1, 8, 0, -8, 2]]), ids, 2.0)


@repetition_penalty.case(
    "padding is no text",
    1,
    hint="Where `padding` is False there is no token, whatever its id. The same id may be a real "
    "token elsewhere.",
)
def padded(rng: Generator) -> list[Trial]:
    logits = 3 * randn(2, 6, generator=rng)
    ids = tensor([[0, 0, 0, 4], [0, 2, 0, 5]])
    padding = tensor([[0, 0, 1, 1], [0, 1, 1, 1]]).bool()
    none = tensor([[0, 0, 0, 1], [0, 1, 0, 1]]).bool()
    return [ask(logits, ids, 1.5, padding), ask(logits, ids, 1.5, none)]


@repetition_penalty.case("no text yet, and logits of 0 and -inf", 0.5)
def edges(rng: Generator) -> list[Trial]:
    logits = tensor([[0.0, -INF, 5, -5]])
    return [ask(logits, tensor([[0, 1, 2]]), 2.0), ask(logits, torch.zeros(1, 0).long(), 2.0)]


@repetition_penalty.case("penalties that make no sense", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return [ask(randn(1, 3, generator=rng), tensor([[0]]), wrong) for wrong in (0.0, -1.0)]


@repetition_penalty.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    logits, ids = 3 * randn(3, 9, generator=rng), randint(9, (3, 6), generator=rng)
    padding = torch.arange(6) >= randint(4, (3, 1), generator=rng)
    return [ask(logits, ids, 1.8), ask(logits, ids, 1.8, padding)]


@repetition_penalty.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    padding = tensor([[0, 1, 1, 1], [1, 1, 1, 1]]).bool()
    return ask(3 * randn(2, 7, generator=rng), randint(7, (2, 4), generator=rng), 1.5, padding)


@repetition_penalty.variant
def with_one_hot(logits, ids, penalty, padding=None):
    if not penalty > 0:
        raise ValueError(f"{penalty} is not positive")
    tokens = torch.arange(logits.shape[-1], device=ids.device)
    there = ids.unsqueeze(-1) == tokens
    if padding is not None:
        there = there & padding.unsqueeze(-1)
    lowered = logits.clamp(min=0) / penalty + logits.clamp(max=0) * penalty
    return where(there.any(1), lowered, logits)


@repetition_penalty.variant
def row_by_row(logits, ids, penalty, padding=None):
    if penalty <= 0:
        raise ValueError("no")
    rows = []
    for i, row in enumerate(logits):
        text = ids[i] if padding is None else ids[i][padding[i]]
        seen = torch.isin(torch.arange(len(row), device=row.device), text)
        rows.append(
            row.where(
                ~seen,
                torch.minimum(row / penalty, row * penalty)
                if penalty >= 1
                else torch.maximum(row / penalty, row * penalty),
            )
        )
    return torch.stack(rows)
