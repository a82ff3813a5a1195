"""influence: the instrument of the bug hunt. Its cases and variants."""

import torch
from torch import Generator, cdist, eye, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Scripted
from autograder.suspects import Suspect
from autograder.trial import Trial, ask
from gradus.bug_hunt import influence as layer

influence = Exercise(layer.influence)

VOCAB = 7


def _ids(rng, seq):
    """A text that holds the last id of the vocabulary, and the first."""
    ids = randint(VOCAB, (seq,), generator=rng)
    ids[seq // 2], ids[1] = VOCAB - 1, 0
    return ids


@influence.case(
    "three tokens that read only themselves, by hand",
    hint="Token 0 moves the logits from (0, 0) to (3, 4), and back again.",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(Scripted(tensor([[0.0, 0], [3, 4]])), tensor([0, 1, 0])), 5.0 * eye(3))


@influence.case("a model that reads the past", 1.5)
def past(rng: Generator) -> list[Trial]:
    return [ask(Suspect("reader", "past"), _ids(rng, seq)) for seq in (5, 8)]


@influence.case(
    "models that read what is to come",
    2,
    hint="In row i stands who is read by position i.",
)
def ahead(rng: Generator) -> list[Trial]:
    ways = (("one ahead", 0), ("everything", 0), ("far ahead", 3))
    return [ask(Suspect("reader", *way), _ids(rng, 6)) for way in ways]


@influence.case("a model with a short memory")
def window(rng: Generator) -> list[Trial]:
    return [ask(Suspect("reader", "window", size), _ids(rng, 7)) for size in (2, 3)]


@influence.case("a text of one token", 0.5)
def one(rng: Generator) -> list[Trial]:
    return [ask(Suspect("reader", "everything"), tensor([token])) for token in (2, VOCAB - 1)]


@influence.case("a hidden text", hidden=True)
def hidden(rng: Generator) -> Trial:
    seq, far = randint(2, 5, (2,), generator=rng).tolist()
    return ask(Suspect("reader", "far ahead", far), _ids(rng, seq + 4))


@influence.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(Suspect("reader", "past"), _ids(rng, 6))


def texts_of(model, ids):
    """The logits of the text, and of the texts in which one token is another: one row a token."""
    before = model(ids[None])[0]
    after = []
    for j in range(len(ids)):
        changed = ids.clone()
        changed[j] = (changed[j] + 1) % before.shape[-1]
        after.append(model(changed[None])[0])
    return before.detach(), torch.stack(after).detach()


@influence.variant
def column_by_column(model, ids):
    before, after = texts_of(model, ids)
    columns = [((other - before) ** 2).sum(-1).sqrt() for other in after]
    return torch.stack(columns, dim=1)


@influence.variant
def with_one_batch(model, ids):
    vocab = model(ids[None]).shape[-1]
    batch = (ids + torch.eye(len(ids), dtype=ids.dtype)) % vocab
    logits = model(torch.cat([ids[None], batch]))
    return torch.linalg.vector_norm(logits[1:] - logits[:1], dim=-1).mT.contiguous()


@influence.variant
def with_distances(model, ids):
    before, after = texts_of(model, ids)
    exact = "donot_use_mm_for_euclid_dist"
    rows = [cdist(before[i][None], after[:, i], compute_mode=exact)[0] for i in range(len(ids))]
    return torch.stack(rows)
