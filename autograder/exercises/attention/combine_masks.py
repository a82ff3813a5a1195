"""combine_masks: a query reads a key only if order and padding both allow it."""

import torch
from torch import Generator, rand, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import mask

combine_masks = Exercise(mask.combine_masks)

CAUSAL = torch.ones(3, 3, dtype=torch.bool).tril()


@combine_masks.case("two texts, by hand")
def two_texts(rng: Generator) -> ByHand:
    padding = tensor([[1, 1, 0], [0, 1, 1]]).bool()
    behind = [[1, 0, 0], [1, 1, 0], [1, 1, 0]]
    before = [[0, 0, 0], [0, 1, 0], [0, 1, 1]]
    return ByHand(ask(CAUSAL, padding), tensor([[behind], [before]]).bool())


@combine_masks.case(
    "each text has its own padding",
    judge=Unmoved(
        "The mask of text 0 must not change when only the padding of text 1 does.",
        lambda output: output[0].float(),
    ),
)
def own_padding(rng: Generator) -> list[Trial]:
    # As many texts as queries and keys: a mask on the wrong axis still has a shape that fits.
    one = tensor([[1, 1, 0], [1, 0, 0], [0, 1, 1]]).bool()
    other = tensor([[1, 1, 0], [0, 0, 1], [0, 1, 1]]).bool()
    return [ask(CAUSAL, one), ask(CAUSAL, other)]


@combine_masks.case("fewer queries than keys", 2)
def fewer_queries(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 0, 1, 1, 1], [0, 0, 1, 1, 1, 0]]).bool()
    return ask(torch.ones(4, 6, dtype=torch.bool).tril(2), padding)


@combine_masks.case("hidden masks", hidden=True)
def any_masks(rng: Generator) -> Trial:
    batch, query, more = torch.randint(2, 6, (3,), generator=rng).tolist()
    key = query + more
    causal = torch.ones(query, key, dtype=torch.bool).tril(more)
    return ask(causal, rand(batch, key, generator=rng) < 0.6)


@combine_masks.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    padding = tensor([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1]]).bool()
    return ask(torch.ones(3, 5, dtype=torch.bool).tril(2), padding)


def _keys(padding):
    return padding[:, None, None, :]


@combine_masks.mistake(
    "A key may be read if either mask allows it; both have to.",
    "May padding be read when it stands in the past?",
)
def either(causal, padding):
    return causal | _keys(padding)


@combine_masks.mistake(
    "A key may be read if exactly one of the masks allows it.",
    "What should come out where both masks say True?",
)
def exactly_one(causal, padding):
    return causal ^ _keys(padding)


@combine_masks.mistake(
    "Padding is forbidden to ask instead of to be read (it stands on the query axis).",
    "Which axis of the result belongs to the token that is read?",
)
def padding_asks_not(causal, padding):
    return causal & padding[:, None, :, None]


@combine_masks.mistake(
    "Padding is forbidden to be read and also to ask.",
    "The docstring says what padding still does. Does yours let it?",
)
def padding_on_both_axes(causal, padding):
    return causal & _keys(padding) & padding[:, None, :, None]


@combine_masks.mistake(
    "The axis that stands for the heads is missing.", "How many axes should the result have?"
)
def without_heads(causal, padding):
    return causal & padding[:, None, :]


@combine_masks.mistake(
    "The axis that stands for the heads is in front of the batch.",
    "In which order do batch, heads, query and key come?",
)
def heads_in_front(causal, padding):
    return (causal & padding[:, None, :])[None]


@combine_masks.mistake(
    "Both masks are joined as they come, so each text's padding lands on one query.",
    "Broadcasting lines axes up from the right. Which axis of causal does batch meet?",
)
def as_they_come(causal, padding):
    return (causal & padding)[:, None]


@combine_masks.mistake(
    "The padding of the first text is used for all of them.",
    "Where does the batch axis of padding go?",
)
def first_text(causal, padding):
    return (causal & _keys(padding[:1])).expand(len(padding), 1, -1, -1)


@combine_masks.mistake(
    "Only keys that are real in every text may be read.",
    "May one text's padding hide another text's words?",
)
def real_in_all(causal, padding):
    return (causal & padding.all(0)).expand(len(padding), 1, -1, -1)


@combine_masks.mistake(
    "The causal mask is lost: only padding is hidden.", "May a token read what comes after it?"
)
def padding_only(causal, padding):
    return _keys(padding).expand(-1, 1, len(causal), -1)


@combine_masks.mistake(
    "The padding is lost: only the future is hidden.", "Where does your code use padding?"
)
def causal_only(causal, padding):
    return causal.expand(len(padding), 1, -1, -1)


@combine_masks.mistake(
    "Padding is read and real tokens are hidden (padding is taken the wrong way round).",
    "Is padding True at the real tokens or at the padding?",
)
def padding_inverted(causal, padding):
    return causal & ~_keys(padding)


@combine_masks.mistake(
    "The result says what is hidden, not what may be read.",
    "What does True mean in this course's masks?",
)
def hidden_is_true(causal, padding):
    return ~(causal & _keys(padding))


@combine_masks.mistake(
    "The masks are added as numbers instead of joined as True and False.",
    "What type should the result have, and what is True + True?",
)
def added(causal, padding):
    return causal.float() + _keys(padding).float()


@combine_masks.mistake(
    "The result holds the numbers 1 and 0 instead of True and False.",
    "What type do you get when you multiply masks that were turned into numbers?",
)
def multiplied(causal, padding):
    return causal.int() * _keys(padding).int()


@combine_masks.mistake(
    "It returns 0 and minus infinity, to be added to the scores, instead of True and False.",
    "What does the docstring say about the type of the result?",
)
def additive(causal, padding):
    right = causal & _keys(padding)
    return torch.zeros(right.shape, device=right.device).masked_fill(~right, float("-inf"))


@combine_masks.mistake(
    "It takes for granted that padding stands behind the text.",
    "Where is the padding when a batch is padded on the left?",
)
def padding_behind(causal, padding):
    length = padding.sum(-1, keepdim=True)
    return causal & _keys(torch.arange(padding.shape[1], device=padding.device) < length)


@combine_masks.mistake(
    "Every position may read itself, even where it is padding.",
    "May anybody read padding? The docstring says.",
)
def always_itself(causal, padding):
    query, key = causal.shape
    itself = torch.ones_like(causal).tril(key - query).triu(key - query)
    return causal & _keys(padding) | itself


@combine_masks.mistake(
    "Rows are keys and columns are queries; it should be the other way round.",
    "Which axis comes last in the shape that is asked for?",
)
def keys_first(causal, padding):
    return (causal & _keys(padding)).mT


@combine_masks.variant
def with_logical_and(causal, padding):
    return torch.logical_and(causal[None, None], padding.unsqueeze(1).unsqueeze(1))


@combine_masks.variant
def by_what_is_forbidden(causal, padding):
    return ~(~causal | ~padding.unsqueeze(1)).unsqueeze(1)


@combine_masks.variant
def with_where(causal, padding):
    return torch.where(padding[:, None, None], causal, False)


@combine_masks.variant
def text_by_text(causal, padding):
    return torch.stack([(causal * real)[None] for real in padding]).bool()
