"""span_corrupt: sentinels in the text, and what they stand for. Mistakes are in another file."""

import torch
from torch import Generator, cat, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import span_corruption

span_corrupt = Exercise(span_corruption.span_corrupt, returns=("the inputs", "the targets"))


def _mask(*flags: int) -> torch.Tensor:
    return tensor(flags, dtype=torch.bool)


@span_corrupt.case(
    "ten words of which three are hidden, by hand",
    hint="Thank you [for inviting] me to your party [last] week, as in T5's paper.",
)
def by_hand(rng: Generator) -> ByHand:
    ids = tensor([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
    trial = ask(ids, _mask(0, 0, 1, 1, 0, 0, 0, 0, 1, 0), 99, 1)
    inputs = tensor([11, 12, 99, 15, 16, 17, 18, 98, 20, 1])
    return ByHand(trial, (inputs, tensor([99, 13, 14, 98, 19, 97, 1])))


@span_corrupt.case("one span of one token, and one of many", 1)
def one_span(rng: Generator) -> list[Trial]:
    ids = randint(2, 60, (6,), generator=rng)
    return [ask(ids, _mask(0, 0, 0, 1, 0, 0), 99, 1), ask(ids, _mask(0, 1, 1, 1, 1, 0), 80, 0)]


@span_corrupt.case("many spans", 2, hint="Every span has a sentinel of its own, counting down.")
def many_spans(rng: Generator) -> list[Trial]:
    ids = randint(2, 60, (12,), generator=rng)
    flags = (0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1)
    return [ask(ids, _mask(*flags), 32099, 1), ask(ids, _mask(*flags[::-1]), 99, 1)]


@span_corrupt.case("spans at both ends of the text", 1)
def at_the_ends(rng: Generator) -> list[Trial]:
    ids = randint(2, 60, (6,), generator=rng)
    return [
        ask(ids, _mask(1, 1, 0, 0, 0, 0), 99, 1),
        ask(ids, _mask(0, 0, 0, 0, 1, 1), 99, 1),
        ask(ids, _mask(1, 0, 0, 1, 0, 1), 99, 1),
    ]


@span_corrupt.case("nothing hidden, everything, and no text", 0.5)
def edges(rng: Generator) -> list[Trial]:
    ids = randint(2, 60, (4,), generator=rng)
    return [
        ask(ids, _mask(0, 0, 0, 0), 99, 1),
        ask(ids, _mask(1, 1, 1, 1), 99, 1),
        ask(ids[:0], _mask(), 99, 1),
    ]


@span_corrupt.case("the same word inside and outside of a span", 0.5)
def repeated(rng: Generator) -> Trial:
    return ask(tensor([5, 7, 7, 5, 7, 5, 5, 1, 7]), _mask(0, 1, 0, 1, 1, 0, 0, 1, 0), 99, 1)


@span_corrupt.case(
    "a word that is a sentinel's",
    0.5,
    hint="Two spans need three sentinels: 99, 98 and 97. The id 96 is still a word.",
)
def clash(rng: Generator) -> list[Trial]:
    hidden = _mask(0, 1, 0, 1)
    return [ask(tensor([5, 6, 7, one]), hidden, 99, 1) for one in (99, 98, 97, 96, 100)] + [
        ask(tensor([97, 6, 7, 8]), hidden, 99, 1)
    ]


@span_corrupt.case("hidden texts", 0.5, hidden=True)
def hidden_texts(rng: Generator) -> list[Trial]:
    trials = []
    for _ in range(2):
        length = int(randint(6, 12, (), generator=rng))
        ids = randint(2, 60, (length + 6,), generator=rng)
        drawn = torch.rand(length, generator=rng) < 0.4
        mask = cat([_mask(0, 1, 1, 0), drawn, _mask(0, 1)])
        trials.append(ask(ids, mask, int(randint(90, 200, (), generator=rng)), 1))
    return trials


@span_corrupt.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    ids = tensor([11, 12, 13, 14, 15, 16, 17])
    return ask(ids, _mask(0, 1, 1, 0, 1, 0, 0), 99, 1)


@span_corrupt.variant
def with_cumsum(ids, hidden, sentinel, end_id):
    before = torch.nn.functional.pad(hidden[:-1], (1, 0)) if len(ids) else hidden
    first = hidden & ~before
    number = sentinel + 1 - first.cumsum(0)
    last = sentinel - int(first.sum())
    if len(ids) and bool(((ids >= last) & (ids <= sentinel)).any()):
        raise ValueError("this id is a sentinel")
    inputs = torch.where(first, number, ids)[~hidden | first]
    pairs = torch.stack([number, ids], 1)
    wanted = torch.stack([first, hidden], 1)
    end = ids.new_full((1,), end_id)
    return cat([inputs, end]), cat([pairs[wanted], end * 0 + last, end])


@span_corrupt.variant
def by_runs(ids, hidden, sentinel, end_id):
    from itertools import groupby

    inputs, targets, number = [], [], sentinel
    pairs = zip(ids.tolist(), hidden.tolist(), strict=True)
    for is_hidden, run in groupby(pairs, key=lambda pair: pair[1]):
        tokens = [token for token, _ in run]
        if is_hidden:
            inputs += [number]
            targets += [number, *tokens]
            number -= 1
        else:
            inputs += tokens
    if any(number <= token <= sentinel for token in ids.tolist()):
        raise ValueError("a sentinel in the text")
    ends = torch.tensor([end_id], device=ids.device, dtype=ids.dtype)
    return cat([ids.new_tensor(inputs), ends]), cat([ids.new_tensor([*targets, number]), ends])


@span_corrupt.variant
def by_index(ids, hidden, sentinel, end_id):
    inputs, targets = ids.new_empty(0), ids.new_empty(0)
    number, i = sentinel, 0
    while i < len(ids):
        j = i
        while j < len(ids) and hidden[j] == hidden[i]:
            j += 1
        if hidden[i]:
            inputs = cat([inputs, ids.new_tensor([number])])
            targets = cat([targets, ids.new_tensor([number]), ids[i:j]])
            number -= 1
        else:
            inputs = cat([inputs, ids[i:j]])
        i = j
    for token in ids:
        if number <= token <= sentinel:
            raise ValueError(f"{token}")
    return cat([inputs, ids.new_tensor([end_id])]), cat([targets, ids.new_tensor([number, end_id])])
