"""sample: one token for each row, by chance."""

import torch
from torch import Generator, rand, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.sampling.judges import Drawn, Seeds
from autograder.stand_ins import Seeded
from autograder.trial import Trial, ask
from gradus import sampling

sample = Exercise(sampling.sample)

INF = torch.inf
# No two probabilities alike, and one token ruled out; the second row has them in another order.
LOGITS = tensor([[0.5, 2.0, -INF, 1.0], [0.0, -1.0, 1.5, 0.7]])
SHARES = LOGITS.softmax(-1)
ROWS = 4000  # draws of each kind


def pairs(drawn):
    """One outcome for each two neighbours: 4 times the first, plus the second."""
    return (drawn.view(-1, 2) * tensor([4, 1])).sum(-1)


JOINT = (SHARES[0][:, None] * SHARES[1]).flatten()


@sample.case("rows that leave no choice, by hand", 0.5)
def no_choice(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([[-INF, 3.0, -INF], [0.0, -INF, -INF]]), Seeded(1)), tensor([1, 0]))


@sample.case("every token as often as the softmax says", 1.5, judge=Drawn(SHARES[0]))
def frequencies(rng: Generator) -> list[Trial]:
    logits = LOGITS[:1].expand(ROWS, -1).clone()
    return [ask(logits, Seeded(11)), ask(logits)]


@sample.case(
    "every row has a draw of its own",
    1,
    judge=Drawn(JOINT, outcome=pairs),
    hint="The outcomes here are pairs: 4 times the token of one row, plus that of the next.",
)
def independent(rng: Generator) -> Trial:
    return ask(LOGITS.repeat(ROWS, 1), Seeded(12))


@sample.case("the same seed draws the same tokens, another seed others", 1, judge=Seeds())
def seeds(rng: Generator) -> list[Trial]:
    logits = randn(40, 9, generator=rng)
    return [ask(logits, Seeded(seed)) for seed in (7, 7, 8)]


@sample.case("large logits", 0.5, judge=Drawn(tensor([0.5, 0.5, 0.0])))
def large(rng: Generator) -> list[Trial]:
    rows = [[1000.0, 1000, -1000], [-1e4, -1e4, -INF]]
    return [ask(tensor([row]).repeat(ROWS // 2, 1), Seeded(13)) for row in rows]


@sample.case("hidden rows that leave no choice", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    best = randint(8, (5,), generator=rng)
    logits = torch.full((5, 8), -INF).scatter(-1, best[:, None], randn(5, 1, generator=rng))
    return [ask(logits, Seeded(3)), ask(logits.double())]


@sample.house_rules(0.5, judge=Drawn(SHARES[0]))
def typical(rng: Generator) -> Trial:
    return ask(LOGITS[:1].repeat(1500, 1), Seeded(5))


def _draw(shares, generator):
    return torch.multinomial(shares, 1, generator=generator).squeeze(-1)


@sample.mistake(
    "The logits are used as if they were probabilities.",
    "Can a probability be negative? What turns logits into shares?",
)
def of_logits(logits, generator=None):
    return _draw(logits, generator)


@sample.mistake(
    "The logits are moved above 0 and divided by their sum; that is not the softmax.",
    "What does a logit that is larger by 1 do to a probability in the softmax?",
)
def shifted_and_divided(logits, generator=None):
    finite = logits.masked_fill(logits == -INF, 0)
    above = (finite - finite.amin(-1, keepdim=True)).masked_fill(logits == -INF, 0) + 1e-9
    return _draw(above, generator)


@sample.mistake(
    "The generator is not used: the draws come from torch's global one.",
    "Where in your code does `generator` appear?",
)
def no_generator(logits, generator=None):
    return _draw(logits.softmax(-1), None)


@sample.mistake(
    "It always takes the likeliest token.", "Where is the dice? What would greedy return?"
)
def likeliest(logits, generator=None):
    return logits.argmax(-1)


@sample.mistake(
    "All tokens that are not ruled out are equally likely.",
    "Where in your draw do the probabilities appear?",
)
def uniform(logits, generator=None):
    return _draw((logits > -INF).to(logits.dtype), generator)


@sample.mistake(
    "All rows get the draw of the first row.",
    "How many dice are thrown for a batch, and how many are needed?",
)
def first_row_for_all(logits, generator=None):
    return _draw(logits[:1].softmax(-1), generator).expand(len(logits))


@sample.mistake(
    "One throw of the dice serves all rows, so that rows are lucky or unlucky together.",
    "How many random numbers do you draw for a batch, and how many are needed?",
)
def one_throw(logits, generator=None):
    below = logits.softmax(-1).cumsum(-1)
    dice = rand(1, generator=generator, dtype=logits.dtype)
    return (below < dice).sum(-1).clamp(max=logits.shape[-1] - 1)


@sample.mistake(
    "Normal noise is added before the maximum; its shape is not the one that gives the softmax.",
    "Which noise makes the maximum follow the softmax? It has a name that begins with G.",
)
def normal_noise(logits, generator=None):
    return (logits + randn(logits.shape, generator=generator)).argmax(-1)


@sample.mistake(
    "The Gumbel noise has the wrong sign.",
    "Is -log(-log(u)) mostly small with rare large values, or the other way round?",
)
def gumbel_upside_down(logits, generator=None):
    return (logits + (-rand(logits.shape, generator=generator).log()).log()).argmax(-1)


@sample.mistake(
    "The token after the right one is returned: the search in the sums is off by one.",
    "If the dice show less than the first probability, which token is that?",
)
def off_by_one(logits, generator=None):
    dice = rand(len(logits), 1, generator=generator, dtype=logits.dtype)
    below = logits.softmax(-1).cumsum(-1) <= dice
    return (below.sum(-1) + 1).clamp(max=logits.shape[-1] - 1)


@sample.mistake(
    "The sums above the dice are counted, not those below: the order of the tokens is reversed.",
    "The dice show 0.01. How many sums are below that, and which token is it?",
)
def counted_from_above(logits, generator=None):
    dice = rand(len(logits), 1, generator=generator, dtype=logits.dtype)
    return (logits.softmax(-1).cumsum(-1) > dice).sum(-1)


@sample.mistake(
    "The axis of the draws is kept: one column instead of plain ids.",
    "What shape does multinomial return for one draw?",
)
def column(logits, generator=None):
    return torch.multinomial(logits.softmax(-1), 1, generator=generator)


@sample.mistake(
    "The softmax runs over the batch instead of the vocabulary.",
    "Which axis sums to 1 after your softmax?",
)
def over_the_batch(logits, generator=None):
    return _draw(logits.softmax(0).nan_to_num(), generator)


@sample.mistake(
    "The softmax is taken twice, which makes the probabilities nearly equal.",
    "What goes into your draw: shares, or shares of shares?",
)
def softmax_twice(logits, generator=None):
    return _draw(logits.softmax(-1).softmax(-1), generator)


@sample.mistake(
    "exp is taken of the logits as they are; large ones overflow.",
    "What is exp(1000) in float32?",
)
def overflowing(logits, generator=None):
    powers = logits.exp()
    return _draw(powers / powers.sum(-1, keepdim=True), generator)


@sample.mistake(
    "It sets the seed itself, so that it draws the same tokens every time.",
    "Who should choose the seed: the function, or the one who calls it?",
)
def own_seed(logits, generator=None):
    torch.manual_seed(0)
    return _draw(logits.softmax(-1), None)


@sample.mistake(
    "The generator is set back before the draw, so that every seed draws alike.",
    "Who else will draw from this generator after you?",
)
def set_back(logits, generator=None):
    return _draw(logits.softmax(-1), torch.Generator().manual_seed(0) if generator else None)


@sample.mistake(
    "The likelier a token is, the rarer it comes: the sign is wrong.",
    "Is -log p large or small for a likely token?",
)
def surprise(logits, generator=None):
    return _draw((-logits).masked_fill(logits == -INF, -INF).softmax(-1), generator)


@sample.variant
def by_cumulative_sums(logits, generator=None):
    below = logits.double().softmax(-1).cumsum(-1)
    dice = rand(len(logits), 1, generator=generator, dtype=torch.float64)
    return (below <= dice.to(below.device) * below[:, -1:]).sum(-1)


@sample.variant
def with_gumbel_noise(logits, generator=None):
    dice = rand(logits.shape, generator=generator, dtype=torch.float64).to(logits.device)
    return (logits - (-dice.clamp(min=1e-300).log()).log()).argmax(-1)


@sample.variant
def row_by_row(logits, generator=None):
    shares = torch.exp(logits - logits.logsumexp(-1, keepdim=True))
    drawn = [torch.multinomial(row, 1, replacement=True, generator=generator) for row in shares]
    return torch.cat(drawn)
