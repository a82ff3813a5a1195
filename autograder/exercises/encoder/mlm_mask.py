"""mlm_mask: its cases and variants. Judges and mistakes are in files of their own."""

import torch
from torch import Generator, randint, tensor

from autograder.exercise import Exercise
from autograder.exercises.encoder.masked import Masked, SeedsOfBoth
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import masked_lm as layers

mlm_mask = Exercise(layers.mlm_mask, returns=("the inputs", "the labels"))

MASK, VOCAB = 10, 8  # 8 and 9 are special: they begin and end a text


def _texts(batch, seq, seed=0, vocab=VOCAB):
    """Texts in which small ids are common; the first and the last token may not change."""
    rng = Generator().manual_seed(seed)
    ids = torch.minimum(*(randint(vocab, (batch, seq), generator=rng) for _ in range(2)))
    ids[:, 0], ids[:, -1] = vocab, vocab + 1
    return ids, (ids < vocab) & (torch.rand(ids.shape, generator=rng) < 0.9)


LARGE, FEW, OWN = _texts(150, 500), _texts(3, 8, 1), _texts(80, 200, 3, 6)
SMALL = tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8]]), torch.ones(2, 6).bool()


def _judge(texts, mask_id=MASK, vocab=VOCAB, p=(0.15,)):
    ids, may_change = texts
    return Masked(ids, may_change, mask_id, vocab, p)


@mlm_mask.case("every token by itself, in every call", judge=_judge(SMALL))
def independent(rng: Generator) -> Trial:
    return ask(*SMALL, MASK, VOCAB, generator=Seeded(5)).times(500)


@mlm_mask.case(
    "15 % of the tokens are chosen; 80 % of these become the mask, 10 % others, 10 % stay",
    4,
    judge=_judge(LARGE),
)
def law(rng: Generator) -> Trial:
    return ask(*LARGE, MASK, VOCAB, generator=Seeded(3))


@mlm_mask.case(
    "p = 0 and p = 1",
    judge=_judge(FEW, p=(0.0, 1.0)),
    hint="With p = 1, every token that may change is chosen, and no other.",
)
def ends(rng: Generator) -> list[Trial]:
    return [ask(*FEW, MASK, VOCAB, p, Seeded(4)) for p in (0.0, 1.0)]


@mlm_mask.case("the same seed chooses the same tokens, another seed others", judge=SeedsOfBoth())
def seeds(rng: Generator) -> list[Trial]:
    return [ask(*OWN, 8, 6, 0.5, generator=Seeded(seed)) for seed in (7, 7, 8)]


@mlm_mask.case("a p that is no probability", 0.5)
def refused(rng: Generator) -> list[Trial]:
    return [ask(*FEW, MASK, VOCAB, p) for p in (-0.1, 1.5, 15.0)]


@mlm_mask.case("hidden cases", hidden=True, judge=_judge(OWN, 8, 6, (0.4,)))
def hidden(rng: Generator) -> Trial:
    seed = int(randint(10**6, (1,), generator=rng))
    return ask(*OWN, 8, 6, 0.4, Seeded(seed))


@mlm_mask.house_rules(judge=_judge(OWN, 8, 6, (0.3,)))
def typical(rng: Generator) -> Trial:
    return ask(*OWN, 8, 6, 0.3)


def _checked(p):
    if p < 0 or p > 1:
        raise ValueError(f"p={p}")


def _rand(ids, generator):
    device = generator.device if generator is not None else ids.device
    return torch.rand(ids.shape, generator=generator, device=device).to(ids.device)


def _ids_below(vocab, ids, generator):
    return (_rand(ids, generator) * vocab).long().clamp(max=vocab - 1)


@mlm_mask.variant
def one_dice(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    """One throw decides all: 0 to 0.8 p the mask, to 0.9 p another, to p itself."""
    _checked(p)
    throw = _rand(ids, generator)
    labels = torch.where(may_change & (throw < p), ids, -100)
    inputs = torch.where(may_change & (throw < 0.8 * p), mask_id, ids)
    swapped = may_change & (throw >= 0.8 * p) & (throw < 0.9 * p)
    return torch.where(swapped, _ids_below(vocab, ids, generator), inputs), labels


@mlm_mask.variant
def half_of_the_rest(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    """First the mask, with 0.8; then half of what is left."""
    _checked(p)
    chosen = (_rand(ids, generator) < p) & may_change
    masked = (_rand(ids, generator) < 0.8) & chosen
    swapped = (_rand(ids, generator) < 0.5) & chosen & ~masked
    inputs = ids.clone()
    inputs[masked] = mask_id
    inputs = torch.where(swapped, _ids_below(vocab, ids, generator), inputs)
    labels = ids.clone()
    labels[~chosen] = -100
    return inputs, labels


@mlm_mask.variant
def with_bernoulli(ids, may_change, mask_id, vocab, p=0.15, generator=None):
    _checked(p)
    device = generator.device if generator is not None else ids.device
    chances = (may_change.float() * p).to(device)
    chosen = torch.bernoulli(chances, generator=generator).bool().to(ids.device)
    fates = torch.multinomial(
        torch.tensor([0.8, 0.1, 0.1], device=device), ids.numel(), True, generator=generator
    )
    fates = fates.view(ids.shape).to(ids.device)
    mask = torch.full_like(ids, mask_id)
    choices = torch.stack([mask, _ids_below(vocab, ids, generator), ids])
    inputs = torch.where(chosen, choices.gather(0, fates[None])[0], ids)
    return inputs, ids.masked_fill(~chosen, -100)
