"""causal_mask: nobody reads the future."""

from dataclasses import replace

import torch
from torch import Generator, tensor

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import mask

causal_mask = Exercise(mask.causal_mask)


@causal_mask.case("three positions, by hand")
def three(rng: Generator) -> ByHand:
    return ByHand(ask(3), tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]]).bool())


@causal_mask.case(
    "queries that follow earlier keys",
    2,
    hint="The queries are the last positions of the text; the keys before them come from a cache.",
)
def past(rng: Generator) -> list[Trial]:
    return [ask(2, 5), ask(1, 4)]


@causal_mask.case("as many keys as queries, but not fewer")
def square(rng: Generator) -> list[Trial]:
    return [ask(4, key=4), ask(4, 3)]


@causal_mask.case(
    "on the device that is asked for",
    hint="'meta' is a device without data. A mask for it has to be made there.",
)
def elsewhere(rng: Generator) -> list[Trial]:
    return [ask(2, 3), replace(ask(2, 3, device="meta"), device="meta")]


@causal_mask.case("hidden sizes", hidden=True)
def sizes(rng: Generator) -> Trial:
    query, more = torch.randint(2, 7, (2,), generator=rng).tolist()
    return ask(query, query + more)


@causal_mask.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(3, 5)


def _mask(query, key, device, diagonal=0):
    """The right mask for diagonal=0; a shift of the border otherwise."""
    key = query if key is None else key
    if key < query:
        raise ValueError
    return torch.ones(query, key, dtype=torch.bool, device=device).tril(key - query + diagonal)


@causal_mask.mistake(
    "It shows the future and hides the past (the upper triangle).",
    "Row 0 is the first position. Which keys exist when it is read?",
)
def upper(query, key=None, *, device=None):
    key = query if key is None else key
    _mask(query, key, device)
    return torch.ones(query, key, dtype=torch.bool, device=device).triu(key - query)


@causal_mask.mistake(
    "A position may not read itself (the diagonal is left out).",
    "What would be left for the first position to read?",
)
def without_itself(query, key=None, *, device=None):
    return _mask(query, key, device, -1)


@causal_mask.mistake(
    "Every position sees one position of the future.",
    "What does the first position predict, and may it read that?",
)
def one_ahead(query, key=None, *, device=None):
    return _mask(query, key, device, 1)


@causal_mask.mistake(
    "True and False are exchanged: True stands for what is hidden.",
    "What does True mean in this course's masks?",
)
def exchanged(query, key=None, *, device=None):
    return ~_mask(query, key, device)


@causal_mask.mistake(
    "With earlier keys, the queries are taken for the first positions instead of the last.",
    "A decoder has read four tokens and asks with the fifth. Which row of the full mask is that?",
)
def from_the_start(query, key=None, *, device=None):
    right = _mask(query, key, device)
    return torch.ones_like(right).tril()


@causal_mask.mistake(
    "The number of earlier keys is counted with the wrong sign.",
    "Do more earlier keys let a query read more or less?",
)
def wrong_sign(query, key=None, *, device=None):
    right = _mask(query, key, device)
    return torch.ones_like(right).tril(query - right.shape[1])


@causal_mask.mistake(
    "The earlier keys are hidden; only the new positions read each other.",
    "Why were the earlier keys kept at all?",
)
def past_hidden(query, key=None, *, device=None):
    right = _mask(query, key, device)
    keys = right.shape[1]
    return right & (torch.arange(keys, device=device) >= keys - query)


@causal_mask.mistake(
    "With a number of keys given, everything may be read.",
    "A number of keys says how long the text is. Does it make the future readable?",
)
def open_with_keys(query, key=None, *, device=None):
    right = _mask(query, key, device)
    return right if key is None else torch.ones_like(right)


@causal_mask.mistake(
    "It returns 0 and minus infinity, to be added to the scores, instead of True and False.",
    "What does the docstring say about the type of the result?",
)
def additive(query, key=None, *, device=None):
    right = _mask(query, key, device)
    return torch.zeros(right.shape, device=device).masked_fill(~right, float("-inf"))


@causal_mask.mistake(
    "It returns the numbers 1.0 and 0.0 instead of True and False.",
    "What type do torch.ones and tril give?",
)
def floats(query, key=None, *, device=None):
    return _mask(query, key, device).float()


@causal_mask.mistake(
    "It returns the whole numbers 1 and 0 instead of True and False.",
    "What does ~ do to the whole number 1? And to True?",
)
def integers(query, key=None, *, device=None):
    return _mask(query, key, device).long()


@causal_mask.mistake(
    "Rows are keys and columns are queries; it should be the other way round.",
    "Which axis comes first in the shape that is asked for?",
)
def keys_first(query, key=None, *, device=None):
    return _mask(query, key, device).mT


@causal_mask.mistake(
    "It makes a row for every key, not for every query.",
    "How many rows should the mask of one new token have?",
)
def a_row_for_every_key(query, key=None, *, device=None):
    right = _mask(query, key, device)
    return torch.ones(right.shape[1], right.shape[1], dtype=torch.bool, device=device).tril()


@causal_mask.mistake(
    "The number of keys is ignored: the mask is always square.",
    "How many columns should the mask of one new token have, when four were read before?",
)
def always_square(query, key=None, *, device=None):
    _mask(query, key, device)
    return _mask(query, None, device)


@causal_mask.mistake("The rows are in reverse order.", "Which row belongs to the last position?")
def upside_down(query, key=None, *, device=None):
    return _mask(query, key, device).flip(0)


@causal_mask.mistake(
    "Fewer keys than queries are accepted.", "What does the docstring say should be refused?"
)
def accepts_too_few(query, key=None, *, device=None):
    key = query if key is None else key
    return torch.ones(query, key, dtype=torch.bool, device=device).tril(key - query)


@causal_mask.mistake(
    "The device is ignored: the mask is always made on the CPU.",
    "Which of the arguments is never used?",
)
def on_the_cpu(query, key=None, *, device=None):
    return _mask(query, key, None)


@causal_mask.variant
def by_comparing_positions(query, key=None, *, device=None):
    key = key or query
    if key < query:
        raise ValueError(f"{query} queries, {key} keys")
    positions = torch.arange(key, device=device)
    return positions[None, :] <= positions[key - query :, None]


@causal_mask.variant
def what_is_not_the_future(query, key=None, *, device=None):
    key = query if key is None else key
    if query > key:
        raise ValueError("too few keys")
    return torch.triu(torch.ones(query, key, device=device), diagonal=key - query + 1) == 0


@causal_mask.variant
def row_by_row(query, key=None, *, device=None):
    key = query if key is None else key
    if key < query:
        raise ValueError("too few keys")
    rows = [[column <= row + key - query for column in range(key)] for row in range(query)]
    return torch.tensor(rows, device=device)


@causal_mask.variant
def last_rows_of_the_full_mask(query, key=None, *, device=None):
    if key is not None and key < query:
        raise ValueError("too few keys")
    size = query if key is None else key
    return torch.tril(torch.ones(size, size, device=device)).bool()[-query:]
