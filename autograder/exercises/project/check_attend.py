"""check_attend: its cases. What weak tests do is in files of their own."""

from functools import partial

from torch import Generator, rand

from autograder.exercise import Exercise
from autograder.exercises.project.alarm import Alarm, Luck, line_up, suspects_of
from autograder.suspects import Suspect
from autograder.trial import Trial, ask
from gradus.checks import attend

check_attend = Exercise(attend.check_attend)


suspects = partial(suspects_of, check_attend, "attend")

suspects(
    "a wrong scale",
    1,
    ("library", "double"),
    ("unscaled", "scaled by width", ("scaled by power", 0.4)),
)
suspects(
    "the right rule with the wrong size",
    1,
    ("backwards",),
    ("scaled by values", "scaled by keys", "as many keys as queries"),
    hint="Which of your sizes are equal? Whoever mixes those two up is never found out.",
)
suspects("a wrong softmax", 1, ("rescaled", "library"), ("over queries", "hard", "sigmoid"))
suspects(
    "scores in the hundreds",
    1,
    ("query by query", "rescaled"),
    ("overflow",),
    hint="What is exp(200) in float32? Right ones lose a few more digits there, too.",
)
suspects(
    "a wrong mask",
    1.5,
    ("double", "backwards"),
    ("mask ignored", "mask inverted", "filled with 0", "mask after the softmax", "mask turned"),
)
suspects(
    "a mask where there is none, and the same mask for all",
    1,
    ("query by query",),
    ("always causal", "mask of the first", "first text"),
    hint="How many texts are in your batch, and do they differ in anything?",
)
suspects(
    "small mistakes",
    1,
    ("double", "backwards", "query by query", "rescaled"),
    ("filled with -10", "rounded", ("moved by a constant", 0.01)),
    hint="How far apart do two right ones lie? Anything much larger is a mistake.",
)
suspects("a query that may read nothing", 1, ("library", "double"), ("nan", "all alike"))
suspects(
    "what is returned",
    0.5,
    ("backwards",),
    ("weights turned", "scores", "exchanged"),
    hint="Two things come back.",
)
suspects(
    "inputs that are changed",
    0.5,
    ("library",),
    ("in place",),
    hint="After the call, is what you gave still what it was?",
)

HIDDEN = ("double", "rescaled", "library")


@check_attend.case("hidden suspects", 1, hidden=True, judge=Alarm(HIDDEN))
def hidden(rng: Generator) -> list[Trial]:
    wrong, step, fill = rand(3, generator=rng).tolist()
    ways = [
        ("scaled by power", 0.1 + 0.3 * wrong),
        ("moved by a constant", 0.005 + 0.01 * step),
        ("filled with", -1 - 4 * fill),
    ]
    return line_up(rng, "attend", HIDDEN, ways)


@check_attend.house_rules(0.5, judge=Luck(("library",)))
def typical(rng: Generator) -> Trial:
    return ask(Suspect("attend", "library"))
