"""sequence_log_prob: how likely a model finds what stands there."""

import math

import torch
from torch import Generator, cat, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Part, Scripted
from autograder.trial import Trial, ask
from gradus import likelihood

sequence_log_prob = Exercise(likelihood.sequence_log_prob)

VOCAB = 7
# After 0 come 0, 1 and 2 with these probabilities, and so on.
SHARES = tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.4, 0.4, 0.2]])
CHAIN = Scripted(SHARES.log() + tensor([[1.0], [0], [-2]]))


def writer(rng, vocab=VOCAB, scale=1.5):
    """A model that remembers all it has read, the newest token best."""
    return Part("writer", (scale * randn(vocab, vocab, generator=rng),))


def _ids(rng, *shape):
    return randint(VOCAB, shape, generator=rng)


@sequence_log_prob.case(
    "two texts, by hand",
    0.5,
    hint="0 1 2: after 0 comes 1 with 0.25, after 1 comes 2 with 0.8. That is 0.2, and its "
    "logarithm -1.609.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(CHAIN, tensor([[0, 1, 2], [2, 0, 0]]))
    return ByHand(trial, tensor([math.log(0.2), math.log(0.2)]))


@sequence_log_prob.case("a model that remembers the whole text", 1)
def remembers(rng: Generator) -> Trial:
    return ask(writer(rng), _ids(rng, 3, 6))


@sequence_log_prob.case(
    "what follows a prompt", 1, hint="The model reads the prompt, and nobody counts it."
)
def prompts(rng: Generator) -> list[Trial]:
    model, ids = writer(rng), _ids(rng, 2, 6)
    return [ask(model, ids, prompt) for prompt in (2, 3, 5, 6)]


@sequence_log_prob.case(
    "texts that end",
    1,
    hint="The end counts, the filling behind it does not. An end in the prompt ends nothing.",
)
def ends(rng: Generator) -> list[Trial]:
    ids = tensor([[3, 1, 5, 0, 0, 0], [0, 2, 2, 4, 6, 0], [3, 0, 4, 4, 1, 2]])
    model = writer(rng)
    return [ask(model, ids, 1, None, 0), ask(model, ids, 2, eos=0), ask(model, ids, 3, eos=9)]


@sequence_log_prob.case(
    "padding before and behind", 1, hint="The model has to know of it, and so has the sum."
)
def padded(rng: Generator) -> list[Trial]:
    model, ids = writer(rng), _ids(rng, 3, 5)
    right = tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]).bool()
    left = tensor([[0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 1]]).bool()
    return [ask(model, ids, 1, right), ask(model, ids, 3, left), ask(model, ids, 2, right, 3)]


@sequence_log_prob.case(
    "a long text", 0.5, hint="A product of 400 small probabilities is 0 in float32."
)
def long(rng: Generator) -> Trial:
    return ask(writer(rng, scale=0.5), _ids(rng, 2, 400))


@sequence_log_prob.case("one token, and a prompt of none", 0.5)
def edges(rng: Generator) -> list[Trial]:
    return [ask(CHAIN, tensor([[1], [2]])), ask(CHAIN, tensor([[1, 2]]), 0)]


@sequence_log_prob.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    model, ids = writer(rng), _ids(rng, 4, 7)
    return [ask(model, ids, 2, eos=int(ids[0, 4])), ask(model, ids)]


@sequence_log_prob.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    padding = tensor([[0, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]]).bool()
    return ask(writer(rng), _ids(rng, 2, 6), 2, padding, 3)


@sequence_log_prob.variant
def with_cross_entropy(model, ids, prompt=1, padding=None, eos=None):
    if prompt < 1:
        raise ValueError("prompt")
    logits = model(ids, padding) if padding is not None else model(ids)
    targets = ids[:, 1:].clone()
    targets[:, : prompt - 1] = -100
    if padding is not None:
        targets[~padding[:, 1:]] = -100
    if eos is not None:
        over = ((ids[:, prompt:] == eos).cumsum(-1).roll(1, -1)) > 0
        if over.shape[1]:
            over[:, 0] = False
        targets[:, prompt - 1 :][over] = -100
    losses = torch.nn.functional.cross_entropy(
        logits[:, :-1].transpose(1, 2), targets, ignore_index=-100, reduction="none"
    )
    return -losses.sum(1)


@sequence_log_prob.variant
def token_by_token(model, ids, prompt=1, padding=None, eos=None):
    if prompt <= 0:
        raise ValueError("a prompt of no tokens")
    logits = model(ids) if padding is None else model(ids, padding)
    sums = []
    for row, text in enumerate(ids):
        total = logits.new_zeros(())
        for place in range(prompt, len(text)):
            if padding is None or padding[row, place]:
                scores = logits[row, place - 1]
                total = total + scores[text[place]] - scores.logsumexp(-1)
            if text[place] == eos:
                break
        sums.append(total)
    return torch.stack(sums)


@sequence_log_prob.variant
def shifted_first(model, ids, prompt=1, padding=None, eos=None):
    if not prompt >= 1:
        raise ValueError(prompt)
    logits = model(*(arg for arg in (ids, padding) if arg is not None))
    logs = torch.log(torch.softmax(logits.double(), -1))[:, :-1]
    logs = logs.gather(2, ids[:, 1:].unsqueeze(2)).squeeze(2)[:, prompt - 1 :]
    weight = torch.ones_like(logs)
    if padding is not None:
        weight = weight * padding[:, prompt:]
    if eos is not None:
        alive = torch.cumprod((ids[:, prompt:] != eos).int(), 1)
        weight = (
            weight * cat([torch.ones_like(alive[:, :1]), alive[:, :-1]], 1)[:, : weight.shape[1]]
        )
    return (logs * weight).sum(1).to(logits.dtype)
