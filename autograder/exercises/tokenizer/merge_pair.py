"""merge_pair: one new id in the place of two neighbours."""

from torch import Generator

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked, Unchanged, letters
from autograder.trial import Trial, ask
from gradus import bpe

merge_pair = Exercise(bpe.merge_pair)

BY_HAND = ask([1, 2, 3, 1, 2], (1, 2), 9)
RUNS = [ask([7, 7, 7], (7, 7), 9), ask([7, 7, 7, 7, 1, 7, 7, 7], (7, 7), 9)]
NEIGHBOURS = [ask([2, 1, 2, 1], (1, 2), 9), ask([1, 3, 2, 1, 1], (1, 2), 9)]
DIGITS = [ask([11, 2, 1, 21, 1, 2], (1, 2), 9), ask([256, 97, 2, 56, 97], (256, 97), 300)]
EDGES = [
    ask([], (1, 2), 9),
    ask([1], (1, 2), 9),
    ask([1, 2], (1, 2), 9),
    ask([3, 4], (1, 2), 9),
    ask([3, 4, 1], (1, 2), 9),
]
AGAIN = [ask([1, 1, 1, 1], (1, 1), 1), ask([1, 2, 2, 5], (1, 2), 1), ask([1, 1, 2], (1, 2), 2)]


@merge_pair.case("the pair stands twice, by hand", 0.5, judge=Asked([BY_HAND]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, [9, 3, 9])


@merge_pair.case("a run of equal ids, from left to right", 0.5, judge=Asked(RUNS))
def runs(rng: Generator) -> list[Trial]:
    return RUNS


@merge_pair.case("neighbours only, in this order only", 0.5, judge=Asked(NEIGHBOURS))
def neighbours(rng: Generator) -> list[Trial]:
    return NEIGHBOURS


@merge_pair.case("ids are numbers, not digits", 0.25, judge=Asked(DIGITS))
def digits(rng: Generator) -> list[Trial]:
    return DIGITS


@merge_pair.case("nothing to merge, and the ends of the list", 0.5, judge=Asked(EDGES))
def edges(rng: Generator) -> list[Trial]:
    return EDGES


@merge_pair.case("what was made is not merged again", 0.25, judge=Asked(AGAIN))
def again(rng: Generator) -> list[Trial]:
    return AGAIN


@merge_pair.case("the list that is given stays as it is", 0.25, judge=Unchanged())
def unchanged(rng: Generator) -> Trial:
    return ask([1, 2, 2, 3, 1, 2], (1, 2), 1).times(2)


@merge_pair.case("hidden lists", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    a, b, c = map(ord, letters(rng, 3))
    return [
        ask([a, a, a, b, c, a, a, a], (a, a), 256),
        ask([c, a, b, c, b, a, c, a, b], (a, b), 257),
        ask([a, b, a, c, b, a], (a, b), 300),
    ]


@merge_pair.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask([5, 1, 2, 3, 1, 2], (1, 2), 9)


@merge_pair.variant
def with_a_flag(ids, pair, new):
    merged, skip = [], False
    for i, token in enumerate(ids):
        if skip:
            skip = False
        elif token == pair[0] and i + 1 < len(ids) and ids[i + 1] == pair[1]:
            merged.append(new)
            skip = True
        else:
            merged.append(token)
    return merged


@merge_pair.variant
def on_a_copy(ids, pair, new):
    ids, i = list(ids), 0
    while i + 1 < len(ids):
        if (ids[i], ids[i + 1]) == tuple(pair):
            ids[i : i + 2] = [new]
        i += 1
    return ids


@merge_pair.variant
def as_tuple(ids, pair, new):
    if len(ids) < 2:
        return tuple(ids)
    if tuple(ids[:2]) == tuple(pair):
        return (new, *as_tuple(ids[2:], pair, new))
    return (ids[0], *as_tuple(ids[1:], pair, new))
