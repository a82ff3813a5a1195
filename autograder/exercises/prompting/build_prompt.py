"""build_prompt: a task told by examples."""

from torch import Generator, randint, randperm

from autograder.exercise import ByHand, Exercise
from autograder.exercises.prompting.told import Parted, Told
from autograder.trial import Trial, ask
from gradus import prompt as reference

build_prompt = Exercise(reference.build_prompt)

REVIEW = "Text: {text}\nLabel: {label}"
FILMS = [("A joy to watch.", "positive"), ("Two hours too long.", "negative")]


@build_prompt.case("an instruction, two examples, by hand", 0.5, judge=Parted())
def by_hand(rng: Generator) -> ByHand:
    trial = ask("Is the film good?", FILMS, "I want my money back.", REVIEW)
    text = (
        "Is the film good?\n\n"
        "Text: A joy to watch.\nLabel: positive\n\n"
        "Text: Two hours too long.\nLabel: negative\n\n"
        "Text: I want my money back.\nLabel:"
    )
    return ByHand(trial, text)


@build_prompt.case(
    "no examples, no instruction",
    0.5,
    judge=Told(["No examples", "No instruction", "Neither examples nor instruction"]),
)
def nothing(rng: Generator) -> list[Trial]:
    return [
        ask("Is the film good?", [], "Not bad.", REVIEW),
        ask("", FILMS[:1], "Not bad.", REVIEW),
        ask("", [], "Not bad.", REVIEW),
    ]


@build_prompt.case(
    "it ends right before the answer",
    judge=Told(
        [
            'Template "{text} => {label}"',
            "Two spaces before the label",
            "A new line before the label",
            "A template that ends in dots after the label",
        ]
    ),
    hint="A tokenizer puts the space before a word into the word's token.",
)
def ends(rng: Generator) -> list[Trial]:
    return [
        ask("English to French.", [("one", "un"), ("two", "deux")], "three", "{text} => {label}"),
        ask("", [("one", "un")], "three", "{text} is  {label}"),
        ask("", [("one", "un")], "three", "Q: {text}\nA:\n{label}"),
        ask("", [("one", "un"), ("two", "deux")], "three", "{text} means {label}..."),
    ]


@build_prompt.case(
    "texts stay as they are",
    judge=Told(
        [
            "Spaces around the texts",
            "A query that ends in spaces",
            "Braces in the texts",
            'A text that says "{label}"',
            "Braces in the template",
        ]
    ),
    hint="A text may hold anything: spaces that matter, braces, the very words of your template.",
)
def as_they_are(rng: Generator) -> list[Trial]:
    return [
        ask(" Mind the gaps. ", [("  x = 1", " code\n"), ("\thello ", "text")], "  y", REVIEW),
        ask("", [("one", "un")], "three  ", "{text} {label}"),
        ask("{braces}", [("{}", "{0}"), ("{x}", "{{y}}")], "{z}", REVIEW),
        ask("", [("a {label} here", "one {text} there")], "no {label}", REVIEW),
        ask("", [("one", "un")], "two", 'put({"text": {text}, "to": {label}})'),
    ]


@build_prompt.case(
    "many examples in their order", 0.5, judge=Told(["Five examples", "One example, twice"])
)
def order(rng: Generator) -> list[Trial]:
    numbers = [("five", "5"), ("one", "1"), ("four", "4"), ("two", "2"), ("three", "3")]
    return [
        ask("", numbers, "six", "{text}: {label}"),
        ask("", [numbers[1], numbers[0], numbers[1]], "six", "{text}: {label}"),
    ]


@build_prompt.case(
    "what gives the answer away, and what is no template, is refused",
    0.5,
    judge=Told(
        [
            "The query is among the examples",
            "A template without {text}",
            "A template without {label}",
            "{label} before {text}",
            "{text} twice",
            "{label} twice",
        ]
    ),
)
def refused(rng: Generator) -> list[Trial]:
    return [
        ask("", [*FILMS, ("Fine.", "positive")], FILMS[1][0], REVIEW),
        ask("", FILMS, "Fine.", "Label: {label}"),
        ask("", FILMS, "Fine.", "Text: {text}"),
        ask("", FILMS, "Fine.", "{label} is what I say of {text}"),
        ask("", FILMS, "Fine.", "{text} and {text}: {label}"),
        ask("", FILMS, "Fine.", "{text}: {label} or {label}"),
    ]


@build_prompt.case("hidden prompts", hidden=True, judge=Parted())
def hidden(rng: Generator) -> list[Trial]:
    words = ["tea", "snow", "rain", "moss", "clay", "iron", "salt"]
    drawn = [words[i] for i in randperm(len(words), generator=rng)]
    labels = [["warm", "cold"][i] for i in randint(2, (5,), generator=rng)]
    examples = [*zip(drawn, labels, strict=False)]
    return [
        ask("Warm or cold?", examples, drawn[5], "{text} is {label}."),
        ask("", examples[:2], drawn[6] + " ", "<{text}>\n{label}"),
        ask("Which one, {x}?", [], drawn[5], "{text}\t{label}"),
    ]


@build_prompt.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask("Count.", [("one", "1")], "two", "{text} {label}")


@build_prompt.variant
def with_split(instruction, examples, query, template):
    start, end = template.find("{text}"), template.find("{label}")
    once = template.count("{text}") == template.count("{label}") == 1
    if not once or end < start or any(text == query for text, _ in examples):
        raise ValueError("refused")
    before, between, after = template[:start], template[start + 6 : end], template[end + 7 :]
    prompt = instruction + "\n\n" if instruction else ""
    for text, label in examples:
        prompt += f"{before}{text}{between}{label}{after}\n\n"
    return f"{prompt}{before}{query}{between.rstrip()}"


@build_prompt.variant
def with_a_generator(instruction, examples, query, template):
    import re

    parts = re.split(r"(\{text\}|\{label\})", template)
    if [part for part in parts if part in ("{text}", "{label}")] != ["{text}", "{label}"]:
        raise ValueError(template)
    if query in dict(examples):
        raise ValueError(query)

    def blocks():
        if instruction != "":
            yield instruction
        for text, label in examples:
            yield "".join([parts[0], text, parts[2], label, parts[4]])
        yield parts[0] + query + re.sub(r"\s+\Z", "", parts[2])

    return "\n\n".join(blocks())
