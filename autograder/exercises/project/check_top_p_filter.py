"""check_top_p_filter: its cases. What weak tests do is in files of their own."""

from functools import partial

from torch import Generator, rand

from autograder.exercise import Exercise
from autograder.exercises.project.alarm import Alarm, Luck, Way, line_up, suspects_of
from autograder.suspects import Suspect
from autograder.trial import Trial, ask
from gradus.checks import top_p_filter

check_top_p_filter = Exercise(top_p_filter.check_top_p_filter)

suspects = partial(suspects_of, check_top_p_filter, "top_p_filter")

suspects(
    "a wrong bound",
    1.5,
    ("library", "double"),
    ("crossing lost", "one more", "of the rest", "nothing summed"),
)
suspects(
    "one token with nearly all the mass",
    0.5,
    ("row by row",),
    ("empty",),
    hint="Which row can lose all of its tokens to a wrong comparison?",
)
suspects(
    "a wrong order",
    1,
    ("padded", "library"),
    ("from below", "unsorted", "not put back", "sorted away"),
    hint="If your logits come in descending order already, several of these are right.",
)
suspects(
    "rows that are mixed up",
    1,
    ("row by row",),
    ("first row", "over the batch"),
    hint="How many rows have your logits, and do they differ?",
)
suspects(
    "what is returned",
    1,
    ("double", "padded"),
    ("probabilities", "log-probabilities", "zeros"),
    hint="Do you look only at which tokens are left, or at their logits, too?",
)
suspects("p = 0 and p = 1", 1, ("library", "row by row"), ("nothing at 0", "tail lost at 1"))
suspects("a p that is no share", 0.5, ("padded",), ("takes anything",))
suspects(
    "inputs that are changed",
    0.5,
    ("library",),
    ("in place",),
    hint="After the call, is what you gave still what it was?",
)

HIDDEN = ("double", "padded", "row by row")


@check_top_p_filter.case("hidden suspects", 1, hidden=True, judge=Alarm(HIDDEN))
def hidden(rng: Generator) -> list[Trial]:
    ways: list[Way] = [
        ("a little less", 0.4 + 0.3 * rand(1, generator=rng).item()),
        "one more",
        "unsorted",
    ]
    return line_up(rng, "top_p_filter", HIDDEN, ways)


@check_top_p_filter.house_rules(0.5, judge=Luck(("library",)))
def typical(rng: Generator) -> Trial:
    return ask(Suspect("top_p_filter", "library"))
