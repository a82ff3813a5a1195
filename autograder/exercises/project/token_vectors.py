"""token_vectors: the second patient's part. Its mistakes are in another file."""

import torch
from torch import Generator, arange, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import EmptyPast, Past
from autograder.trial import Trial, ask
from gradus.bug_hunt import token_vectors as layer

token_vectors = Exercise(layer.token_vectors)

VOCAB, MAX_SEQ, WIDTH = 7, 9, 4


def _tables(rng):
    return randn(VOCAB, WIDTH, generator=rng), randn(MAX_SEQ, WIDTH, generator=rng)


def _ids(rng, batch, seq):
    return randint(VOCAB, (batch, seq), generator=rng)


def _caches(past, layers=2):
    """What two blocks remember of `past` tokens."""
    return [Past(torch.zeros(2, 3, past, 5), torch.zeros(2, 3, past, 5)) for _ in range(layers)]


@token_vectors.case("two tokens, by hand")
def by_hand(rng: Generator) -> ByHand:
    words, places = tensor([[1.0, 0], [2, 0], [3, 0]]), tensor([[0.0, 10], [0, 20], [0, 30]])
    return ByHand(ask(tensor([[2, 0]]), words, places), tensor([[[3.0, 10], [1, 20]]]))


@token_vectors.case("a whole text at once, without caches or with empty ones")
def whole(rng: Generator) -> list[Trial]:
    empty = torch.zeros(2, 3, 0, 5)
    given = (_ids(rng, 2, 5), *_tables(rng))
    return [ask(*given), ask(*given, [EmptyPast(empty, empty)]), ask(*given, [])]


@token_vectors.case(
    "one new token behind others",
    2,
    hint="Hold the first cached step beside the uncached one: what differs already here?",
)
def one_new(rng: Generator) -> list[Trial]:
    return [ask(_ids(rng, 2, 1), *_tables(rng), _caches(past)) for past in (1, 4, 7)]


@token_vectors.case("several new tokens behind others", 1.5)
def several_new(rng: Generator) -> list[Trial]:
    return [
        ask(_ids(rng, 2, seq), *_tables(rng), _caches(past, 3)) for seq, past in ((3, 2), (2, 5))
    ]


@token_vectors.case("the last position there is, and the one behind it")
def end(rng: Generator) -> list[Trial]:
    given = _tables(rng)
    return [
        ask(_ids(rng, 2, 1), *given, _caches(MAX_SEQ - 1)),
        ask(_ids(rng, 2, 1), *given, _caches(MAX_SEQ)),
        ask(_ids(rng, 2, MAX_SEQ), *given),
        ask(_ids(rng, 2, MAX_SEQ + 1), *given),
    ]


@token_vectors.case("hidden tokens", hidden=True)
def hidden(rng: Generator) -> Trial:
    past, seq = randint(2, 5, (2,), generator=rng).tolist()
    return ask(_ids(rng, 3, seq), *_tables(rng), _caches(past))


@token_vectors.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(_ids(rng, 3, 2), *_tables(rng), _caches(4))


def place_of(ids, caches, places):
    """Where the new tokens stand; past the end it is refused."""
    past = len(caches[0]) if caches else 0
    end = past + ids.shape[1]
    if end > len(places):
        raise ValueError("too long")
    return past, end


@token_vectors.variant
def looked_up(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    at = arange(past, end, device=ids.device)
    return F.embedding(ids, words) + F.embedding(at, places)[None]


@token_vectors.variant
def token_by_token(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    columns = [words[ids[:, i - past]] + places[i] for i in range(past, end)]
    return torch.stack(columns, dim=1)


@token_vectors.variant
def rolled(ids, words, places, caches=None):
    past, _ = place_of(ids, caches, places)
    return words[ids] + places.roll(-past, 0)[: ids.shape[1]]
