"""greedy: the likeliest token."""

import torch
from torch import Generator, arange, randn, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import sampling

greedy = Exercise(sampling.greedy)


@greedy.case("two rows, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(tensor([[1.0, 3, 2], [0, -1, -5]])), tensor([1, 0]))


@greedy.case("more rows than tokens, and more tokens than rows")
def sizes(rng: Generator) -> list[Trial]:
    return [ask(2 * randn(*shape, generator=rng)) for shape in ((5, 3), (2, 7), (1, 4))]


@greedy.case("equally likely tokens", 0.5, hint="The lowest id counts as the likeliest.")
def ties(rng: Generator) -> Trial:
    return ask(tensor([[2.0, 5, 5, 1], [0, 0, 0, 0], [-3, -7, -3, -3], [1, 2, 4, 4]]))


@greedy.case(
    "tiny differences and ruled-out tokens",
    0.5,
    hint="1e-9 and 2e-9 become the same probability in float32. And is nothing lost on the way?",
)
def tiny(rng: Generator) -> list[Trial]:
    inf = torch.inf
    return [
        ask(tensor([[1e-9, 2e-9, 0.0], [-2e-9, -1e-9, -3e-9]])),
        ask(tensor([[-inf, -5.0, -inf], [-1e4, -inf, -2e4]])),
        ask(tensor([[1e4, 1.5e4, -1e4], [200.0, 300.0, 299.0]])),
    ]


@greedy.case("hidden logits", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    return [ask(3 * randn(4, 9, generator=rng)), ask(-randn(3, 5, generator=rng).abs())]


@greedy.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(2 * randn(3, 7, generator=rng))


@greedy.mistake(
    "It takes the least likely token.", "Does a larger logit mean more likely, or less?"
)
def smallest(logits):
    return logits.argmin(-1)


@greedy.mistake(
    "It looks for the best row for each token, not for the best token of each row.",
    "Which axis is the vocabulary, and over which do you take the maximum?",
)
def over_the_batch(logits):
    return logits.argmax(0)


@greedy.mistake(
    "It takes one maximum of the whole table: rows are not kept apart.",
    "What does argmax do without `dim`?",
)
def flattened(logits):
    return logits.argmax()


@greedy.mistake(
    "It keeps the axis of the vocabulary, with length 1.",
    "One id for each row: how many axes has the result?",
)
def keepdim(logits):
    return logits.argmax(-1, keepdim=True)


@greedy.mistake(
    "It draws by chance instead of taking the likeliest.",
    "Call it twice on the same logits. May the results differ?",
)
def draws(logits):
    return torch.multinomial(logits.softmax(-1), 1).squeeze(-1)


@greedy.mistake(
    "Of equally likely tokens it takes the highest id.",
    "Which of two equal logits does your function find first?",
)
def last_of_the_likeliest(logits):
    return logits.shape[-1] - 1 - logits.flip(-1).argmax(-1)


@greedy.mistake(
    "It compares rounded probabilities, in which tiny differences are lost.",
    "Does the softmax change which logit is the largest? Then what is it for here?",
)
def by_probability(logits):
    return logits.softmax(-1).argmax(-1)


@greedy.mistake(
    "It returns the largest logit, not the id that it belongs to.",
    "max or argmax: which says where, and which says how much?",
)
def values(logits):
    return logits.amax(-1)


@greedy.mistake(
    "It takes the logit that is furthest from 0, whichever its sign.",
    "Is -5 likelier than 3?",
)
def furthest(logits):
    return logits.abs().argmax(-1)


@greedy.mistake(
    "It returns a row of zeros with a one, not an id.", "What is the dtype of a token's id?"
)
def one_hot(logits):
    return torch.nn.functional.one_hot(logits.argmax(-1), logits.shape[-1])


@greedy.mistake(
    "It takes the second of the sorted tokens.", "Does counting start at 0 or 1 in Python?"
)
def second(logits):
    return logits.argsort(dim=-1, descending=True, stable=True)[:, min(1, logits.shape[-1] - 1)]


@greedy.variant
def with_max(logits):
    return torch.max(logits, dim=1).indices


@greedy.variant
def by_sorting(logits):
    return logits.sort(dim=-1, descending=True, stable=True)[1][:, 0]


@greedy.variant
def first_that_equals_the_maximum(logits):
    best = logits == logits.amax(-1, keepdim=True)
    places = arange(logits.shape[-1], device=logits.device).expand_as(logits)
    return places.masked_fill(~best, logits.shape[-1]).amin(-1)


@greedy.variant
def row_by_row(logits):
    ids = zeros(len(logits), dtype=torch.long, device=logits.device)
    for i, row in enumerate(logits):
        ids[i] = row.argmax()
    return ids
