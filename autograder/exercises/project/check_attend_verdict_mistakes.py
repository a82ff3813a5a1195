"""What weak tests of attend do: they look at too little, or judge it wrongly."""

import torch
from torch import Generator, equal, ones, randn

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
    "It compares the implementation with itself, and that is always equal.",
    "Where does what you expect come from: from the one that is on trial?",
)
def with_itself(attend):
    for seen in (None, some_mask()):
        q, k, v = inputs()
        expected = attend(q.clone(), k, v, seen)
        found = attend(q.clone(), k, v, seen)
        for mine, theirs in zip(found, expected, strict=True):
            torch.testing.assert_close(mine, theirs)


@check_attend.mistake(
    "It holds the output against the weights that came with it: both may be wrong together.",
    "If the weights are wrong, is the output that belongs to them a right one?",
)
def against_its_own_weights(attend):
    for seen in (None, some_mask()):
        q, k, v = inputs()
        output, weights = attend(q.clone(), k, v, seen)
        torch.testing.assert_close(output, weights @ v)


@check_attend.mistake(
    "Two numbers may lie 1 apart: that is as far as the outputs themselves go.",
    "How large are the numbers that you compare? What does your tolerance let through?",
)
def tolerance_of_one(attend):
    strong(attend, margin=1.0, exact=False)


@check_attend.mistake(
    "Two numbers may lie a few hundredths apart: small mistakes pass.",
    "By how much do two right implementations differ? Measure it.",
)
def coarse(attend):
    strong(attend, margin=0.03, exact=False)


@check_attend.mistake(
    "It catches its own alarm: the error is printed and forgotten.",
    "What happens to your AssertionError after it is raised?",
)
def swallowed(attend):
    try:
        strong(attend)
    except AssertionError as error:
        print("something is wrong:", error)


@check_attend.mistake(
    "It returns False in place of raising an error.", "How does a test say that something is wrong?"
)
def returns_false(attend):
    try:
        strong(attend)
    except AssertionError:
        return False


@check_attend.mistake(
    "It asks for equality to the last digit, which right implementations do not have.",
    "In which order are the products of a sum added up? Does every order give the same digits?",
)
def to_the_last_digit(attend):
    for seen in (None, some_mask()):
        q, k, v = inputs()
        scores = q @ k.mT / q.shape[-1] ** 0.5
        if seen is not None:
            scores = scores.masked_fill(~seen, -torch.inf)
        weights = scores.softmax(-1).nan_to_num(0)
        found = attend(q, k, v, seen)
        assert equal(found[1], weights)
        assert equal(found[0], weights @ v)


@check_attend.mistake(
    "It draws its inputs from the global random generator: another run asks another thing.",
    "If your test fails today, will it fail tomorrow?",
)
def luck(attend):
    strong(attend)
    given = randn(4, 5), randn(6, 5), randn(6, 7)
    attempt(attend, given, None)


@check_attend.mistake(
    "It accuses everybody.", "What does your test say about an implementation that is right?"
)
def always(attend):
    strong(attend)
    raise AssertionError("this attention is wrong")


@check_attend.mistake(
    "It never calls the implementation that it is given.",
    "Where in your test does the function stand that is on trial?",
)
def never_called(attend):
    q, k, v = inputs()
    agree(expected_of(q, k, v, None), expected_of(q, k, v, None))


@check_attend.mistake(
    "It compares sums only: what stands in the wrong place is not seen.",
    "Which mistakes leave the sum of all numbers as it is?",
)
def sums(attend):
    for factor in (1, 60):
        for seen in (None, some_mask()):
            given = inputs(factor=factor)
            q = given[0].clone()
            found = attend(q, *given[1:], seen)
            for mine, right in zip(found, expected_of(*given, seen), strict=True):
                assert abs(mine.double().sum() - right.sum()) < 1e-3 * factor
            assert equal(q, given[0])


@check_attend.mistake(
    "It asks only whether each query's weights sum to 1.",
    "Is every row that sums to 1 the right one?",
)
def rows_sum_to_one(attend):
    q, k, v = inputs()
    for seen in (None, some_mask(empty=False)):
        weights = attend(q.clone(), k, v, seen)[1]
        torch.testing.assert_close(weights.sum(-1), ones(2, 3, 4), rtol=0, atol=1e-4)


@check_attend.mistake(
    "Its own idea of the mask is the wrong way round, so it accuses those who are right.",
    "What does True mean in this mask?",
)
def wrong_idea(attend):
    generator = Generator().manual_seed(3)
    for seen in (None, some_mask()):
        given = inputs(generator=generator)
        found = attend(*given, seen)
        agree(found, expected_of(*given, None if seen is None else ~seen))
