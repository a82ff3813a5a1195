"""window_mask: the first patient's part. Its cases, mistakes and variants."""

import torch
from torch import Generator, arange, ones, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus.bug_hunt import window_mask as layer

window_mask = Exercise(layer.window_mask)


@window_mask.case(
    "four tokens, a window of two, by hand",
    hint="Which of the pairs in your picture explain a loss that is too good?",
)
def by_hand(rng: Generator) -> ByHand:
    seen = tensor([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]).bool()
    return ByHand(ask(4, 4, 2), seen)


@window_mask.case("several sizes", 2)
def sizes(rng: Generator) -> list[Trial]:
    return [ask(*size) for size in ((7, 7, 3), (5, 5, 4), (9, 9, 2))]


@window_mask.case(
    "keys from a cache",
    2,
    hint="With 6 keys and 2 queries, which positions of the text are the queries?",
)
def cached(rng: Generator) -> list[Trial]:
    return [ask(*size) for size in ((1, 6, 3), (2, 6, 3), (3, 5, 4))]


@window_mask.case("a window of one, and one that is wider than the text")
def ends(rng: Generator) -> list[Trial]:
    return [ask(*size) for size in ((4, 4, 1), (4, 4, 9), (1, 1, 1))]


@window_mask.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    query, past, window = (randint(2, 6, (3,), generator=rng)).tolist()
    return ask(query + 1, query + 1 + past, window)


@window_mask.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(5, 8, 3)


def _distance(query, key):
    return arange(key - query, key)[:, None] - arange(key)


def _mistake(name, look):
    """Add a mistake that is told by the distance from key to query."""

    def add(wrong):
        def answer(query, key, window):
            return wrong(_distance(query, key), window)

        answer.__name__ = wrong.__name__
        window_mask.mistake(name, look)(answer)
        return wrong

    return add


@_mistake(
    "It is as you found it: a window to both sides, so that half of what is read lies ahead.",
    "For which pairs of positions is the distance below zero?",
)
def as_found(distance, window):
    return distance.abs() < window


@_mistake(
    "One token ahead can still be read, and that is the one to be predicted.",
    "Which token does position 3 predict, and may it see it?",
)
def one_ahead(distance, window):
    return (distance >= -1) & (distance < window)


@_mistake(
    "A position may not read itself any more.",
    "Position 3 predicts token 4. May it know token 3?",
)
def not_itself(distance, window):
    return (distance > 0) & (distance < window)


@_mistake(
    "The window begins before a position, not with it: it may not read itself.",
    "Was a position part of its own window, in the code that you found?",
)
def window_before(distance, window):
    return (distance > 0) & (distance <= window)


@_mistake(
    "The window holds one key too many.",
    "How many keys does the last query read, in the code found?",
)
def one_too_many(distance, window):
    return (distance >= 0) & (distance <= window)


@_mistake(
    "The leak is closed, and the window is lost with it: all of the past can be read.",
    "What was `window` for? A mend should leave everything else as it was.",
)
def window_lost(distance, window):
    return distance >= 0


@_mistake(
    "It is turned around: only what lies ahead is read.",
    "When the query stands at 5 and the key at 3, which sign has your distance?",
)
def turned(distance, window):
    return (distance <= 0) & (-distance < window)


@_mistake(
    "It is upside down: what may be read is hidden.",
    "What does True mean in a mask of this course?",
)
def upside_down(distance, window):
    return (distance < 0) | (distance >= window)


@_mistake(
    "The window is halved, as if the other half were still on the other side.",
    "How many keys of the past did a query read before your mend?",
)
def halved(distance, window):
    return (distance >= 0) & (2 * distance <= window)


@_mistake("It returns numbers, not booleans.", "What is the dtype of the mask in the code found?")
def numbers(distance, window):
    return ((distance >= 0) & (distance < window)).float()


@window_mask.mistake(
    "The queries are taken for the first positions, but with caches they are the last ones.",
    "One query, six keys: at which position of the text does the query stand?",
)
def from_the_start(query, key, window):
    distance = arange(query)[:, None] - arange(key)
    return (distance >= 0) & (distance < window)


@window_mask.mistake(
    "It is only mended where there are as many queries as keys.",
    "What is the shape of the mask when one new token reads a cache?",
)
def square(query, key, window):
    return (_distance(key, key) >= 0) & (_distance(key, key) < window)


@window_mask.variant
def cut_twice(query, key, window):
    past = key - query
    return ones(query, key, dtype=torch.bool).tril(past).triu(past - window + 1)


@window_mask.variant
def pair_by_pair(query, key, window):
    rows = range(key - query, key)
    return tensor([[i - window < j <= i for j in range(key)] for i in rows], dtype=torch.bool)


@window_mask.variant
def the_last_rows(query, key, window):
    square = ones(key, key, dtype=torch.bool).tril()
    return (square & ~square.roll(window, 0).tril(-window))[key - query :]
