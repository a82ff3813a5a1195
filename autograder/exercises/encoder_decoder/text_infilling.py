"""text_infilling: one mask a span, however long."""

import torch
from torch import Generator, cat, randint, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked
from autograder.trial import Trial, ask
from gradus import text_infilling as layer

text_infilling = Exercise(layer.text_infilling, returns=("the inputs", "the targets"))

TEXT = tensor([11, 12, 13, 14, 15, 16, 17])


@text_infilling.case("two tokens become one mask, by hand", 0.5)
def by_hand(rng: Generator) -> ByHand:
    inputs = tensor([11, 12, 99, 15, 16, 17])
    return ByHand(ask(TEXT, [(2, 2)], 99), (inputs, TEXT))


@text_infilling.case(
    "a mask where nothing is missing", hint="Three spans of no tokens: (0, 0), (3, 0) and (7, 0)."
)
def empty_spans(rng: Generator) -> list[Trial]:
    return [ask(TEXT, [(start, 0)], 99) for start in (0, 3, 7)] + [
        ask(TEXT, [(0, 0), (3, 0), (7, 0)], 99)
    ]


@text_infilling.case(
    "several spans", 2, hint="All starts are counted in the text as it was before any replacement."
)
def several(rng: Generator) -> list[Trial]:
    ids = randint(2, 60, (12,), generator=rng)
    return [
        ask(ids, [(1, 3), (5, 2), (9, 1)], 99),
        ask(ids, [(1, 1), (4, 0), (6, 4)], 0),
        ask(ids, [(0, 2), (10, 2)], 77),
    ]


@text_infilling.case("spans side by side", 0.5)
def touching(rng: Generator) -> list[Trial]:
    return [ask(TEXT, [(1, 2), (3, 1)], 99), ask(TEXT, [(1, 2), (3, 0), (3, 2)], 99)]


@text_infilling.case("no spans, one over all, and no text", 0.5)
def edges(rng: Generator) -> list[Trial]:
    return [ask(TEXT, [], 99), ask(TEXT, [(0, 7)], 99), ask(TEXT[:0], [(0, 0)], 99)]


REFUSED = [
    ask(TEXT, spans, 99)
    for spans in ([(2, 3), (4, 1)], [(4, 1), (1, 1)], [(5, 3)], [(8, 0)], [(2, -1)], [(-2, 1)])
]


@text_infilling.case(
    "spans that cannot be", 0.5, judge=Asked(REFUSED), hint="This text has 7 tokens."
)
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@text_infilling.case("hidden spans", 0.5, hidden=True)
def hidden(rng: Generator) -> Trial:
    ids = randint(2, 60, (20,), generator=rng)
    a, b, c = randint(1, 4, (3,), generator=rng).tolist()
    return ask(ids, [(a, b + 1), (8, 0), (10 + c, c), (16, 2)], 99)


@text_infilling.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(TEXT, [(1, 2), (4, 0), (5, 1)], 99)


def checked(ids, spans):
    """Refuse spans as the task wants it."""
    end = 0
    for start, length in spans:
        if start < end or length < 0 or start + length > len(ids):
            raise ValueError(f"the span {start, length}")
        end = start + length


@text_infilling.variant
def from_the_back(ids, spans, mask_id):
    """Replaced from the last span on, so that the starts of the others stay right."""
    checked(ids, spans)
    inputs = ids.clone()
    for start, length in reversed(spans):
        mask = torch.full_like(ids[:1], mask_id) if len(ids) else ids.new_full((1,), mask_id)
        inputs = cat([inputs[:start], mask, inputs[start + length :]])
    return inputs, ids.clone()


@text_infilling.variant
def with_lists(ids, spans, mask_id):
    checked(ids, spans)
    text, out, i = ids.tolist(), [], 0
    for start, length in spans:
        while i < start:
            out.append(text[i])
            i += 1
        out.append(mask_id)
        i += length
    out.extend(text[i:])
    return torch.tensor(out, dtype=ids.dtype, device=ids.device), ids.detach().clone()


@text_infilling.variant
def with_split(ids, spans, mask_id):
    end = 0
    edges = []
    for start, length in spans:
        if not end <= start <= start + length <= len(ids):
            raise ValueError("spans must be in order")
        edges += [start, start + length]
        end = edges[-1]
    pieces = list(torch.tensor_split(ids, edges)) if edges else [ids]
    pieces[1::2] = [ids.new_full((1,), mask_id) for _ in pieces[1::2]]
    return cat(pieces), ids.clone()
