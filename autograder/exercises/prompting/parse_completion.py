"""parse_completion: which label did the model write?"""

import re

from torch import Generator, randperm

from autograder.exercise import ByHand, Exercise
from autograder.exercises.asked import Asked
from autograder.exercises.prompting.told import Told
from autograder.trial import Trial, ask
from gradus import completion as reference

parse_completion = Exercise(reference.parse_completion)

LABELS = ["positive", "negative"]


def asked(trials: list[Trial]) -> Asked:
    """Judge calls that are short enough to be written out."""
    return Asked(trials)


@parse_completion.case("a label and a new line, by hand", 0.25)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(" positive\n\nText: next one\nLabel: negative", LABELS), "positive")


FIRST = [
    ask(" negative, but with positive moments", LABELS),
    ask("positive (not negative)", LABELS),
    ask("I would say positive.", LABELS),
    ask("It is neither.", LABELS),
]
PARTS = [
    ask(" not positive", LABELS),
    ask(" positively glowing", LABELS),
    ask(" positive2", LABELS),
    ask(" nonpositive", LABELS),
    ask(" positive.", LABELS),
    ask(" negative-ish", LABELS),
    ask(" pos", LABELS),
]
SPELLINGS = [
    ask(" Positive", LABELS),
    ask("NEGATIVE!", LABELS),
    ask(" world", ["World", "Sport"]),
]
WRAPPED = [
    ask(' "positive"', LABELS),
    ask("\t**negative**", LABELS),
    ask("\n\n 'positive'", LABELS),
    ask("(positive)", LABELS),
]
LONGEST = [
    ask(" very good", ["very", "very good", "good"]),
    ask(" very bad", ["very good", "very", "bad"]),
    ask("New York is nice", ["new", "New York"]),
]
EMPTY = [ask("", LABELS), ask("  \n ", LABELS), ask("positive", []), ask('"', LABELS)]
REFUSED = [ask("positive", ["positive", ""]), ask("positive", LABELS, "", ["\n", ""])]


@parse_completion.case("the answer stands at the start", judge=asked(FIRST))
def first(rng: Generator) -> list[Trial]:
    return FIRST


@parse_completion.case(
    "a label is a whole word",
    judge=asked(PARTS),
    hint="What stands before and behind the label in these texts?",
)
def whole_words(rng: Generator) -> list[Trial]:
    return PARTS


@parse_completion.case("capitals", 0.5, judge=asked(SPELLINGS))
def capitals(rng: Generator) -> list[Trial]:
    return SPELLINGS


@parse_completion.case("spaces, quotation marks and asterisks", 0.5, judge=asked(WRAPPED))
def wrapped(rng: Generator) -> list[Trial]:
    return WRAPPED


@parse_completion.case("one label in another", 0.5, judge=asked(LONGEST))
def longest(rng: Generator) -> list[Trial]:
    return LONGEST


@parse_completion.case(
    "an echo of the prompt",
    judge=Told(
        [
            "The prompt and the answer",
            "The prompt once more, as the next example",
            "No echo, although there was a prompt",
            "A prompt that ends in a label",
            "An answer that looks like the prompt's end",
        ]
    ),
    hint="Some programs return the prompt and the completion in one text.",
)
def echo(rng: Generator) -> list[Trial]:
    prompt = "Text: It was positive.\nLabel:"
    return [
        ask(f"{prompt} negative\n", LABELS, prompt),
        ask(f"{prompt} negative\n\n{prompt} positive", LABELS, prompt),
        ask(" positive", LABELS, prompt),
        ask("positive or negative? negative", LABELS, "positive or negative?"),
        ask("positive", LABELS, "Say it: positive"),
    ]


@parse_completion.case(
    "stops",
    judge=Told(
        [
            "A stop that comes twice",
            "The stop that comes first counts, whichever is named first",
            "A stop that stands at the very start",
            "A stop of several characters",
            "Quotation marks and then a stop",
            "No stops at all",
        ]
    ),
    hint="Where does each of the stops begin? Which begins first?",
)
def stops(rng: Generator) -> list[Trial]:
    return [
        ask(" very|good|bad", ["very|good", "very"], stop=["|"]),
        ask(" very; good ### very", ["very; good", "very"], stop=["###", ";"]),
        ask("###positive", LABELS, stop=["###"]),
        ask(" very<end>good", ["very<end>good", "very"], stop=["<end>"]),
        ask('"\n positive', LABELS),
        ask(" very\ngood", ["very\ngood", "very"], stop=[]),
    ]


@parse_completion.case("nothing there", 0.5, judge=asked(EMPTY))
def nothing(rng: Generator) -> list[Trial]:
    return EMPTY


@parse_completion.case("what would be found everywhere is refused", 0.25, judge=asked(REFUSED))
def refused(rng: Generator) -> list[Trial]:
    return REFUSED


@parse_completion.case("hidden completions", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    words = ["Red", "blue", "green", "grey"]
    a, b, c, d = (words[i] for i in randperm(4, generator=rng))
    labels = [a, b, f"{a} {c}", d]
    return [
        ask(f"Which? {a.upper()} {c}, not {b}", labels, "Which?"),
        ask(f' *{a.lower()}* | "{b}"', labels, stop=["|"]),
        ask(f"not {d}", labels),
        ask(f"{d}ish {a}", labels),
    ]


@parse_completion.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(" positive\n", LABELS)


@parse_completion.variant
def with_a_pattern(text, labels, prompt="", stop=("\n",)):
    if any(not label for label in labels) or any(not end for end in stop):
        raise ValueError("empty")
    if prompt and text.startswith(prompt):
        text = text[len(prompt) :]
    text = text.lstrip()
    if stop:
        text = re.split("|".join(map(re.escape, stop)), text)[0]
    text = text.lstrip(" \n\t\"'*")
    for label in sorted(labels, key=len, reverse=True):
        if re.match(re.escape(label) + r"(?![^\W_])", text, re.IGNORECASE):
            return label
    return None


@parse_completion.variant
def letter_by_letter(text, labels, prompt="", stop=("\n",)):
    if "" in list(labels) + list(stop):
        raise ValueError("empty")
    if text[: len(prompt)] == prompt:
        text = text[len(prompt) :]
    text = text.strip()
    places = [text.find(end) for end in stop if end in text]
    if places:
        text = text[: min(places)]
    while text and text[0] in " \n\t\"'*":
        text = text[1:]
    best = None
    for label in labels:
        if text.casefold().startswith(label.casefold()):
            behind = text[len(label) :]
            if (not behind or not behind[0].isalnum()) and len(label) > len(best or ""):
                best = label
    return best
