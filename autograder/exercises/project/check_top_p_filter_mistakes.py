"""What weak tests of top_p_filter do: they look at too little, or at the wrong thing."""

import torch
from torch import arange, isfinite, randn, zeros

from autograder.exercises.project.check_top_p_filter import check_top_p_filter
from autograder.exercises.project.check_top_p_filter_steps import (
    SHARES,
    expected_of,
    some_logits,
    strong,
)


@check_top_p_filter.mistake(
    "It looks at the shape only.", "Would your test find out a filter that returns zeros?"
)
def shape(top_p_filter):
    for p in SHARES:
        assert top_p_filter(some_logits(), p).shape == (4, 7)


@check_top_p_filter.mistake(
    "It is one example, and a tidy one: a single row, sorted already, and one p.",
    "What can a filter get wrong that no single example shows?",
)
def one_example(top_p_filter):
    logits = torch.tensor([[0.5, 0.25, 0.15, 0.1]]).log()
    kept = top_p_filter(logits, 0.7)
    assert torch.equal(kept[0, :2], logits[0, :2])
    assert not isfinite(kept[0, 2:]).any()


@check_top_p_filter.mistake(
    "It asks only whether enough mass is left, not whether there is too much.",
    "Would your test find out a filter that keeps everything?",
)
def mass_enough(top_p_filter):
    for p in SHARES:
        kept = isfinite(top_p_filter(some_logits(), p))
        assert ((some_logits().softmax(-1) * kept).sum(-1) >= p - 1e-5).all()


@check_top_p_filter.mistake(
    "It counts how many tokens are left, not which.",
    "Can the wrong tokens be as many as the right ones?",
)
def counted(top_p_filter):
    for p in SHARES:
        kept = isfinite(top_p_filter(some_logits(), p)).sum(-1)
        assert torch.equal(kept, isfinite(expected_of(some_logits(), p)).sum(-1))


@check_top_p_filter.mistake(
    "It looks at which tokens are left, not at the logits that they have now.",
    "What is a sampler to do with what comes back?",
)
def which_only(top_p_filter):
    for p in SHARES:
        logits = some_logits()
        given = logits.clone()
        kept = top_p_filter(given, p) > -1e4
        assert torch.equal(kept, expected_of(logits, p) > -1e4)
        assert torch.equal(given, logits)
    strong(top_p_filter, shares=())


@check_top_p_filter.mistake(
    "Its logits are sorted already, so nobody has to put anything back.",
    "In which order do the tokens of a vocabulary come?",
)
def sorted_already(top_p_filter):
    strong(top_p_filter, some_logits().sort(dim=-1, descending=True)[0])


@check_top_p_filter.mistake(
    "It tries one row only, so what is mixed up between rows is not seen.",
    "How many rows have your logits?",
)
def one_row(top_p_filter):
    for row in some_logits().split(1):
        strong(top_p_filter, row)


@check_top_p_filter.mistake(
    "All its tokens are equally likely: which ones are kept is then a matter of taste.",
    "Which mistakes can be seen when all logits are the same?",
)
def all_alike(top_p_filter):
    for p in (0.3, 0.55, 0.9):
        kept = isfinite(top_p_filter(zeros(4, 7), p)).sum(-1)
        assert (kept == (p * arange(7.0).new_full((), 7)).ceil()).all()


@check_top_p_filter.mistake(
    "It knows one p only, the usual 0.9 or so.", "For which p do two rules keep the same tokens?"
)
def one_p(top_p_filter):
    strong(top_p_filter, shares=(0.96,))


@check_top_p_filter.mistake(
    "It leaves out p = 0 and p = 1.", "Which values of p are the strangest that are allowed?"
)
def no_ends(top_p_filter):
    strong(top_p_filter, shares=SHARES[1:-1])


@check_top_p_filter.mistake(
    "It never asks for what has to be refused.",
    "What should happen with a p of 1.5, and how would you test that an error is raised?",
)
def nothing_refused(top_p_filter):
    strong(top_p_filter, refused=())


@check_top_p_filter.mistake(
    "It takes the error of a p that is no share for an alarm, and accuses those who are right.",
    "If ValueError is what should come, who has to catch it?",
)
def error_not_caught(top_p_filter):
    strong(top_p_filter, refused=())
    assert top_p_filter(some_logits(), 1.5) is None


@check_top_p_filter.mistake(
    "It does not look whether its inputs were changed.",
    "Are the logits, after the call, still what you have given?",
)
def unwatched(top_p_filter):
    strong(top_p_filter, watched=False)


@check_top_p_filter.mistake(
    "It compares the implementation with itself, and that is always equal.",
    "Where does what you expect come from: from the one that is on trial?",
)
def with_itself(top_p_filter):
    for p in SHARES:
        expected = top_p_filter(some_logits(), p)
        assert torch.equal(top_p_filter(some_logits(), p), expected)
    strong(top_p_filter, shares=())


@check_top_p_filter.mistake(
    "It draws its logits from the global random generator: another run asks another thing.",
    "If your test fails today, will it fail tomorrow?",
)
def luck(top_p_filter):
    strong(top_p_filter)
    strong(top_p_filter, randn(3, 6))


@check_top_p_filter.mistake(
    "It catches its own alarm: the error is printed and forgotten.",
    "What happens to your AssertionError after it is raised?",
)
def swallowed(top_p_filter):
    try:
        strong(top_p_filter)
    except Exception as error:
        print("something is wrong:", error)


@check_top_p_filter.mistake(
    "It accuses everybody.", "What does your test say about an implementation that is right?"
)
def always(top_p_filter):
    strong(top_p_filter)
    raise AssertionError("this filter is wrong")
