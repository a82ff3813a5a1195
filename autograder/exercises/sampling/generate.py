"""generate: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, cat, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.apply_temperature import apply_temperature
from autograder.exercises.sampling.greedy import greedy
from autograder.exercises.sampling.judges import Drawn, Seeds
from autograder.exercises.sampling.repetition_penalty import repetition_penalty
from autograder.exercises.sampling.sample import sample
from autograder.left_behind import Writing
from autograder.stand_ins import Part, Scripted, Seeded
from autograder.trial import Trial, ask
from gradus import generation

generate = Exercise(
    generation.generate,
    uses=[greedy, apply_temperature, sample, repetition_penalty],
)

VOCAB = 9


def table(rng, vocab=VOCAB):
    """Scores that leave no doubt which token is the likeliest."""
    return 4 * randn(vocab, vocab, generator=rng)


def writer(rng, max_seq=1000, vocab=VOCAB):
    """A model that remembers all it has read, the newest token best."""
    return Part("writer", (table(rng, vocab), max_seq))


def chain(*after):
    """A model that says what follows each token: after[0] after 0, and so on."""
    return Scripted(9.0 * torch.nn.functional.one_hot(tensor(after), len(after)).float())


IDS = tensor([[3, 1, 4], [7, 2, 6]])
LEFT = tensor([[0, 0, 1, 1], [1, 1, 1, 1], [0, 1, 1, 1]]).bool()
COLD = {"temperature": 0.0}


@generate.case(
    "the likeliest tokens, by hand",
    0.5,
    hint="In this model 1 follows 0, 2 follows 1, 3 follows 2, and 0 follows 3.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(chain(1, 2, 3, 0), tensor([[0], [2]]), 4, temperature=0.0, cached=False)
    return ByHand(trial, tensor([[0, 1, 2, 3, 0], [2, 3, 0, 1, 2]]))


@generate.case(
    "a model that remembers all it has read",
    1.5,
    hint="Once with caches, once without: the tokens are the same.",
)
def remembers(rng: Generator) -> list[Trial]:
    model = writer(rng)
    return [ask(model, IDS, 8, cached=cached, **COLD) for cached in (True, False)]


@generate.case(
    "every text ends by itself",
    1,
    hint="Token 3 is the end. A finished text is filled up with it until all are finished.",
)
def ends(rng: Generator) -> list[Trial]:
    model, ids = chain(1, 2, 3, 0, 0, 4), tensor([[0], [2], [5]])
    return [
        ask(model, ids[:2], 9, eos=3, cached=False, **COLD),
        ask(model, ids, 6, eos=3, cached=False, **COLD),
        ask(model, ids[2:], 9, eos=0, cached=False, **COLD),
    ]


@generate.case("an end in the prompt", 0.5, hint="It is the end of something else.")
def end_in_prompt(rng: Generator) -> Trial:
    ids = tensor([[3, 0], [1, 3]])
    return ask(chain(1, 2, 3, 0), ids, 7, eos=3, cached=False, **COLD)


@generate.case(
    "padding on the left",
    1,
    hint="A text with padding before it goes on as if it were alone. What does the model need to "
    "know of each new token, too?",
)
def padded(rng: Generator) -> list[Trial]:
    model, ids = writer(rng), randint(VOCAB, (3, 4), generator=rng)
    return [ask(model, ids, 6, LEFT, cached=cached, **COLD) for cached in (True, False)]


@generate.case(
    "a short context",
    1,
    hint="Only the last 4 tokens may be read. Which do the caches hold when the text moves on?",
)
def context(rng: Generator) -> list[Trial]:
    model, ids = writer(rng, max_seq=4), randint(VOCAB, (3, 6), generator=rng)
    padding = cat([torch.zeros(3, 1).bool(), LEFT, torch.ones(3, 1).bool()], 1)
    trials = [ask(model, IDS, 7, context=4, cached=cached, **COLD) for cached in (True, False)]
    return [*trials, ask(model, ids, 5, padding, context=4, **COLD)]


LOGITS = tensor([0.3, -1.2, 1.1, 0.8, -0.2])


def _warm(temperature, ruled_out=()):
    shares = LOGITS.clone()
    shares[list(ruled_out)] = -torch.inf
    return (shares / temperature).softmax(-1)


def _last(texts):
    return texts[:, -1]


def _fixed(n):
    """A model in which LOGITS are the scores after every token, and n texts to go on with."""
    return Scripted(LOGITS.expand(5, 5).clone()), torch.zeros(n, 1, dtype=torch.int64)


def _pair(texts):
    return 5 * texts[:, -2] + texts[:, -1]


WARM = _warm(0.6)


@generate.case(
    "tokens as often as the temperature says",
    1,
    judge=Drawn((WARM[:, None] * WARM).flatten(), outcome=_pair),
    hint="Two tokens are drawn after 0. The outcomes are 5 times the first, plus the second.",
)
def frequencies(rng: Generator) -> Trial:
    return ask(*_fixed(4000), 2, temperature=0.6, cached=False, generator=Seeded(21))


@generate.case(
    "what a filter rules out never comes",
    0.5,
    judge=Drawn(_warm(2.0, [0, 1, 4]), outcome=_last),
    hint="The filter gets the logits after the temperature: all under 0.2 are ruled out, and 4 "
    "in any case.",
)
def filtered(rng: Generator) -> Trial:
    keep = Part("filter", ([4], 0.2))
    return ask(*_fixed(4000), 1, temperature=2.0, keep=keep, cached=False, generator=Seeded(22))


@generate.case(
    "a filter and temperature 0", 0.5, hint="`keep` has its say at temperature 0 as well."
)
def filtered_and_cold(rng: Generator) -> list[Trial]:
    model = writer(rng)
    return [ask(model, IDS, 6, keep=Part("filter", (ids,)), **COLD) for ids in ([2, 5], [0])]


@generate.case(
    "a penalty for repeating",
    0.5,
    hint="The prompt and all that was written count, padding does not.",
)
def penalised(rng: Generator) -> list[Trial]:
    model, ids = writer(rng), randint(VOCAB, (3, 4), generator=rng)
    return [
        ask(model, IDS, 8, penalty=3.0, **COLD),
        ask(model, ids, 6, LEFT, penalty=4.0, cached=False, **COLD),
    ]


@generate.case("the same seed writes the same text, another seed another", 0.5, judge=Seeds())
def seeds(rng: Generator) -> list[Trial]:
    model = Part("writer", (randn(VOCAB, VOCAB, generator=rng) / 2,))
    return [ask(model, IDS, 20, generator=Seeded(seed)) for seed in (7, 7, 8)]


@generate.case(
    "how the model is used",
    0.5,
    hint="Once the model came in train mode. With caches, how many tokens has it not read yet?",
)
def used(rng: Generator) -> list[Trial]:
    scores = table(rng)
    return [ask(Writing(scores, training), IDS, 5, **COLD) for training in (False, True)]


@generate.case("nothing to write, and what makes no sense", 0.5)
def refused(rng: Generator) -> list[Trial]:
    model = chain(1, 2, 3, 0)
    ids = tensor([[0, 1]])
    return [
        ask(model, ids, 0, cached=False),
        ask(model, ids[:, :0], 2, cached=False),
        ask(model, ids, 2, tensor([[True, False]]), cached=False),
        ask(model, ids, 2, temperature=-1.0, cached=False),
        ask(model, ids, 2, context=0, cached=False),
    ]


@generate.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    ids = randint(VOCAB, (3, 4), generator=rng)
    model, short = writer(rng), writer(rng, max_seq=5)
    return [
        ask(model, ids, 9, LEFT, eos=int(ids[0, 0]), **COLD),
        ask(short, ids, 6, context=5, **COLD),
    ]


@generate.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    ids = randint(VOCAB, (3, 4), generator=rng)
    return ask(writer(rng), ids, 5, LEFT, 8, **COLD)
