"""check_lm_loss: its cases. What weak tests do is in files of their own."""

from functools import partial

from torch import Generator, rand

from autograder.exercise import Exercise
from autograder.exercises.project.alarm import Alarm, Luck, Way, line_up, suspects_of
from autograder.suspects import Suspect
from autograder.trial import Trial, ask
from gradus.checks import lm_loss

check_lm_loss = Exercise(lm_loss.check_lm_loss)

suspects = partial(suspects_of, check_lm_loss, "lm_loss")

suspects(
    "a wrong shift",
    1,
    ("library", "text by text"),
    ("not shifted", "to the left", "shifted twice"),
)
suspects(
    "texts that are mixed up",
    1,
    ("text by text",),
    ("across texts", "first text"),
    hint="How many texts are in your batch?",
)
suspects(
    "padding that counts",
    1.5,
    ("double", "library"),
    ("padding counted", "padding inverted", "target only", "source only"),
    hint="On which sides of a text can padding stand?",
)
suspects(
    "a token that is taken for padding",
    0.5,
    ("shifted logits",),
    ("zero ignored",),
    hint="Which ids are in your texts?",
)
suspects(
    "a wrong mean",
    1.5,
    ("text by text", "double"),
    ("summed", "text means", "by all", "by tokens", "by texts"),
    hint="Are your texts of the same length? Then several means are the same.",
)
suspects(
    "a wrong logarithm",
    1,
    ("shifted logits", "double"),
    ("softmax twice", "bits", "perplexity"),
)
suspects(
    "certainty",
    0.5,
    ("library", "double"),
    ("log of softmax",),
    hint="What is the logarithm of a probability that is too small for a float?",
)
suspects("nothing to predict", 0.5, ("text by text", "library"), ("nan",))
suspects(
    "small mistakes",
    1,
    ("double", "text by text", "shifted logits"),
    (("times", 1.01), ("times", 0.995)),
    hint="How far apart do two right ones lie? Anything much larger is a mistake.",
)
suspects(
    "inputs that are changed",
    0.5,
    ("library",),
    ("in place",),
    hint="After the call, is what you gave still what it was?",
)

HIDDEN = ("double", "text by text", "shifted logits")


@check_lm_loss.case("hidden suspects", 1, hidden=True, judge=Alarm(HIDDEN))
def hidden(rng: Generator) -> list[Trial]:
    more, less = rand(2, generator=rng).tolist()
    wrong: list[Way] = [
        ("times", 1.005 + more),
        ("times", 0.3 + 0.6 * less),
        "text means",
        "target only",
    ]
    return line_up(rng, "lm_loss", HIDDEN, wrong)


@check_lm_loss.house_rules(0.5, judge=Luck(("library",)))
def typical(rng: Generator) -> Trial:
    return ask(Suspect("lm_loss", "library"))
