"""gather_log_probs: what a model said about the tokens that came."""

import math

import torch
from torch import Generator, arange, nn, randint, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.warmup.log_softmax import log_softmax
from autograder.trial import Trial, ask
from gradus import probability

gather_log_probs = Exercise(
    probability.gather_log_probs,
    instead_of=[F.cross_entropy, nn.CrossEntropyLoss, F.nll_loss, nn.NLLLoss],
    uses=[log_softmax],
)


def _refuse(logits, ids):
    """The part of the task that most of these mistakes get right."""
    if not ids.is_meta and not ((ids >= 0) & (ids < logits.shape[-1])).all():
        raise ValueError("no such token")


def _pick(table, ids):
    return table.gather(-1, ids[..., None])[..., 0]


@gather_log_probs.case("two tokens, by hand")
def two_tokens(rng: Generator) -> ByHand:
    logits = tensor([[0.0, math.log(3.0)], [math.log(4.0), 0.0]])
    return ByHand(ask(logits, tensor([1, 1])), tensor([0.75, 0.2]).log())


@gather_log_probs.case("a batch of texts: every place with its own id", 2)
def batch(rng: Generator) -> list[Trial]:
    return [
        ask(randn(2, 7, 5, generator=rng), randint(5, (2, 7), generator=rng)),
        ask(randn(3, 2, 4, 6, generator=rng), randint(6, (3, 2, 4), generator=rng)),
    ]


@gather_log_probs.case("a single token, and one text of one token")
def single(rng: Generator) -> list[Trial]:
    return [ask(randn(5, generator=rng), tensor(3)), ask(randn(1, 4, generator=rng), tensor([2]))]


@gather_log_probs.case("a token that the model thinks all but impossible")
def impossible(rng: Generator) -> Trial:
    return ask(tensor([[0.0, 300.0, 1.0], [5.0, 0.0, -300.0]]), tensor([0, 2]))


@gather_log_probs.case(
    "an id that is not in the vocabulary is refused",
    hint="`check_ids(ids, vocab)`, from the first cell of the lesson, does this.",
)
def refused(rng: Generator) -> list[Trial]:
    logits = randn(3, 5, generator=rng)
    return [ask(logits, tensor([0, -1, 2])), ask(logits, tensor([0, 5, 2]))]


@gather_log_probs.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> Trial:
    return ask(randn(3, 8, 4, generator=rng), randint(4, (3, 8), generator=rng)).with_gradients()


@gather_log_probs.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(2, 3, 5, generator=rng), randint(5, (2, 3), generator=rng))


@gather_log_probs.mistake(
    "It picks the logits themselves, which are no log-probabilities yet.",
    "Do your numbers come from probabilities that sum to 1?",
)
def logits_picked(logits, ids):
    _refuse(logits, ids)
    return _pick(logits, ids)


@gather_log_probs.mistake(
    "It returns probabilities, not their logarithms.", "Can a log-probability be above 0?"
)
def probabilities(logits, ids):
    _refuse(logits, ids)
    return _pick(logits.softmax(-1), ids)


@gather_log_probs.mistake(
    "It takes the logarithm of the finished softmax, which has already rounded small shares to 0.",
    "What is exp(-300) as a float32, and what is the logarithm of that?",
)
def log_of_softmax(logits, ids):
    _refuse(logits, ids)
    return _pick(logits.softmax(-1).log(), ids)


@gather_log_probs.mistake(
    "It picks along the axis of positions instead of the vocabulary.",
    "Which axis do the ids count along: texts, positions, or tokens of the vocabulary?",
)
def along_positions(logits, ids):
    _refuse(logits, ids)
    log_probs = logits.log_softmax(-1)
    if logits.dim() < 3:
        return _pick(log_probs, ids)
    return log_probs.gather(1, ids[..., None])[..., 0]


@gather_log_probs.mistake(
    "The axis of length 1 that gather needs is left in the result.",
    "What shape has your result, and what shape have the ids?",
)
def not_squeezed(logits, ids):
    _refuse(logits, ids)
    return logits.log_softmax(-1).gather(-1, ids[..., None])


@gather_log_probs.mistake(
    "gather is given the ids as they are: they lack the axis along which it picks.",
    "How many axes have the log-probabilities, and how many have the ids?",
)
def not_unsqueezed(logits, ids):
    _refuse(logits, ids)
    return logits.log_softmax(-1).gather(-1, ids)


@gather_log_probs.mistake(
    "Indexing the last axis by all ids looks every id up at every place.",
    "What shape is x[..., ids]? For which place is each of its rows?",
)
def every_id_everywhere(logits, ids):
    _refuse(logits, ids)
    return logits.log_softmax(-1)[..., ids]


@gather_log_probs.mistake(
    "It looks up the next position's id: the two are shifted by one.",
    "With which id does row 0 of the logits go in this task?",
)
def next_id(logits, ids):
    _refuse(logits, ids)
    if not ids.dim():
        return _pick(logits.log_softmax(-1), ids)
    return _pick(logits[..., :-1, :].log_softmax(-1), ids[..., 1:])


@gather_log_probs.mistake(
    "It returns the log-probability of the likeliest token, whatever the ids are.",
    "Where in your code do the ids appear?",
)
def likeliest(logits, ids):
    _refuse(logits, ids)
    return logits.log_softmax(-1).amax(-1)


@gather_log_probs.mistake(
    "The softmax runs over the positions instead of the vocabulary.",
    "What sums to 1: the tokens that could stand at one place, or one token at all places?",
)
def over_positions(logits, ids):
    _refuse(logits, ids)
    return _pick(logits.log_softmax(max(logits.dim() - 2, 0)), ids)


@gather_log_probs.mistake(
    "It picks first and normalises afterwards, among the picked logits only.",
    "Which numbers does the sum in the softmax run over?",
)
def picked_first(logits, ids):
    _refuse(logits, ids)
    return _pick(logits, ids).log_softmax(-1)


@gather_log_probs.mistake(
    "The sign is turned: these are losses, not log-probabilities.",
    "Is the logarithm of a probability above or below 0?",
)
def losses(logits, ids):
    _refuse(logits, ids)
    return -_pick(logits.log_softmax(-1), ids)


@gather_log_probs.mistake(
    "It adds all up instead of returning one number for each id.",
    "What shape does the task ask for?",
)
def added_up(logits, ids):
    _refuse(logits, ids)
    return _pick(logits.log_softmax(-1), ids).sum()


@gather_log_probs.mistake(
    "A negative id is not refused: it counts from the end of the vocabulary.",
    "What does x[-1] mean in Python? Should token -1 have a probability?",
)
def from_the_end(logits, ids):
    if (ids >= logits.shape[-1]).any():
        raise ValueError("no such token")
    return _pick(logits.log_softmax(-1), ids % logits.shape[-1])


@gather_log_probs.mistake(
    "Ids outside the vocabulary end in an error of torch's own, or in none.",
    "What does the last line of the task's description ask for?",
)
def unchecked(logits, ids):
    return _pick(logits.log_softmax(-1), ids)


@gather_log_probs.variant
def with_one_hot(logits, ids):
    if not logits.is_meta and not (ids.min() >= 0 and ids.max() < logits.shape[-1]):
        raise ValueError("an id is not in the vocabulary")
    hot = ids[..., None] == arange(logits.shape[-1], device=ids.device)
    return (logits - logits.logsumexp(-1, keepdim=True)).masked_fill(~hot, 0).sum(-1)


@gather_log_probs.variant
def with_indices(logits, ids):
    vocab = logits.shape[-1]
    if ((ids < 0) | (ids >= vocab)).any():
        raise ValueError("an id is not in the vocabulary")
    rows = F.log_softmax(logits, -1).reshape(-1, vocab)
    return rows[arange(len(rows)), ids.reshape(-1)].reshape(ids.shape)


@gather_log_probs.variant
def take_along(logits, ids):
    _refuse(logits, ids)
    picked = torch.take_along_dim(logits, ids.unsqueeze(-1), dim=-1)
    return (picked - torch.logsumexp(logits, -1, keepdim=True)).squeeze(-1)
