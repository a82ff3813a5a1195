"""What weak tests of attend do: they try too little."""

import torch

from autograder.exercises.project.check_attend import check_attend
from autograder.exercises.project.check_attend_steps import (
    agree,
    attempt,
    expected_of,
    inputs,
    some_mask,
    strong,
)


@check_attend.mistake(
    "It looks at shapes only: any numbers of the right shape pass.",
    "Would your test find out an attention that returns zeros?",
)
def shapes(attend):
    q, k, v = inputs()
    output, weights = attend(q, k, v, some_mask())
    assert output.shape == (2, 3, 4, 7)
    assert weights.shape == (2, 3, 4, 6)


@check_attend.mistake(
    "It is one example: a few numbers without a mask, and the output that they should give.",
    "What can an attention get wrong that no single example shows?",
)
def one_example(attend):
    q = torch.tensor([[2.0, 0, 0, 0]])
    k = torch.tensor([[1.0986123, 1, 0, 0], [0, 0, 2, 0]])  # scores of ln 3 and 0: weights 3 to 1
    v = torch.tensor([[4.0, 0], [0, 8]])
    output, weights = attend(q, k, v)
    torch.testing.assert_close(weights, torch.tensor([[0.75, 0.25]]))
    torch.testing.assert_close(output, torch.tensor([[3.0, 2.0]]))


@check_attend.mistake(
    "All its sizes are equal, so whoever takes one for another is never found out.",
    "How many queries, keys and numbers in a vector has your input?",
)
def square(attend):
    sizes = (4, 4, 4, 4)
    for factor in (1, 60):
        for seen in (None, some_mask(sizes)):
            attempt(attend, inputs(sizes, factor=factor), seen, margin=1e-5 * factor)


@check_attend.mistake("It never gives a mask.", "Which argument does your test never use?")
def without_mask(attend):
    strong(attend, masks=(None,))


@check_attend.mistake(
    "It always gives a mask, and always the causal one.",
    "What would an attention that hides the future by itself look like in your test?",
)
def causal_only(attend):
    causal = torch.ones(4, 6, dtype=torch.bool).tril()
    strong(attend, masks=(causal,))


@check_attend.mistake(
    "All its inputs are ones, and every average of ones is one.",
    "Which mistakes can be seen when all keys and all values are the same?",
)
def all_ones(attend):
    for seen in (None, some_mask()):
        q, k, v = (torch.ones_like(t) for t in inputs())
        agree(attend(q, k, v, seen), expected_of(q, k, v, seen))


@check_attend.mistake(
    "It tries one text only, so what is mixed up between texts is not seen.",
    "What is the size of your first axis, and do the texts along it differ?",
)
def one_text(attend):
    for factor in (1, 60):
        for seen in (None, some_mask(batch=(1,))):
            attempt(attend, inputs(batch=(1, 3), factor=factor), seen, margin=1e-5 * factor)


@check_attend.mistake(
    "It looks at the output only, not at the weights.", "What comes back besides the output?"
)
def output_only(attend):
    strong(attend, parts=(0,), exact=False)


@check_attend.mistake(
    "Its scores are all small, so an overflow is not seen.",
    "Which numbers does exp not survive, and do they come in your test?",
)
def small_scores(attend):
    strong(attend, factors=(1,))


@check_attend.mistake(
    "Every query of its mask may read something.",
    "Which row of a mask is the strangest one that you can think of?",
)
def no_empty_query(attend):
    strong(attend, masks=(None, some_mask(empty=False)))


@check_attend.mistake(
    "It does not look whether its inputs were changed.",
    "Is q, after the call, still what you have given?",
)
def unwatched(attend):
    strong(attend, watched=False)
