"""choose_architecture: which family of model suits a task."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.judge import Close, Seen
from autograder.trial import Trial, ask
from autograder.words import Words
from gradus import choose_architecture as layer

choose_architecture = Exercise(layer.choose_architecture, returns=("the family", "the objective"))

# What speaks against a choice: (the right family, the one that was chosen).
AGAINST = {
    ("encoder", "decoder"): "here the whole text is there, and in a decoder no word could look at "
    "those behind it",
    ("encoder", "encoder-decoder"): "nothing is to be written here, so one half would be idle",
    ("decoder", "encoder"): "an encoder has to read to the end before it says anything, and then "
    "says one thing for each token that it read",
    ("decoder", "encoder-decoder"): "its two halves have to learn from many pairs how a finished "
    "source and its target belong together",
    ("encoder-decoder", "encoder"): "an encoder cannot write a text of another length",
    ("encoder-decoder", "decoder"): "a decoder could be asked for it in a prompt, but here is a "
    "finished source, and pairs enough to train a reader of its own for it",
}


OBJECTIVES = ("masked", "causal", "denoising")


@dataclass
class Family(Close):
    """Says which task went wrong, and what speaks against the family that was chosen."""

    trials: Sequence[Trial]

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first task that went wrong."""
        for trial, one, right in zip(self.trials, seen, expected, strict=True):
            text = super().fault([one], [right], words)
            if text:
                task = trial.calls[0].args[0]
                return f'"{task}": {self.against(one, right, text)}'
        return None

    def against(self, one: Any, right: Any, text: str) -> str:
        """What is wrong with one choice."""
        if one.raised or right.raised:
            return text
        answer, (family, objective) = one.outputs[0], right.outputs[0]
        if not isinstance(answer, list | tuple) or len(answer) != 2:
            return text
        if (family, answer[0]) in AGAINST:
            return f"why not the {answer[0]}? {AGAINST[family, answer[0]].capitalize()}."
        if answer[0] == family and answer[1] not in OBJECTIVES:
            return f"{answer[1]!r} is none of {', '.join(map(repr, OBJECTIVES))}."
        if answer[0] == family and answer[1] != objective:
            return f'the {family} is right. But "{answer[1]}" is not how that family is trained.'
        return f"{answer[0]!r} is not one of the three families."


def _case(title: str, tasks: Sequence[Trial], points: float = 1, hint: str = "") -> None:
    @choose_architecture.case(title, points, judge=Family(tasks), hint=hint)
    def make(rng: Generator) -> list[Trial]:
        return list(tasks)


READING = [
    ask("is this review kind or not", "label", pairs=50_000),
    ask("mark every name in a contract", "labels", pairs=20_000),
    ask("find questions that were asked before", "vector", pairs=300_000),
    ask("which of two topics is a headline about; only ten examples exist", "label", pairs=10),
    ask("file letters by their tone, without a single example", "label"),
]
WRITING = [
    ask("carry on a story", "text"),
    ask("complete the line of code that somebody began", "text", pairs=10**6),
    ask("answer in a conversation", "text", rewrites=False, pairs=50_000),
]
REWRITING = [
    ask("manuals from English into French", "text", True, False, 200_000),
    ask("the minutes of a meeting, in three sentences", "text", True, pairs=30_000),
    ask("letters into sounds", "text", rewrites=True, pairs=130_000),
]
NAMES = [
    ask("say whether a translation is good", "label", pairs=90_000),
    ask("mark the names in a summary", "labels", pairs=8_000),
    ask("carry on a story about a translator", "text", pairs=90_000),
    ask("which language is this text to be translated from", "label", True, pairs=70_000),
]
PROMPTED = [
    ask("translate a page, shown five examples", "text", True, pairs=5),
    ask("summarise a letter, without examples", "text", True),
    ask("turn recipes into shopping lists; 999 pairs", "text", True, pairs=999),
    ask("turn recipes into shopping lists; 1000 pairs", "text", True, pairs=1000),
]
LIVE = [
    ask("what is the caller angry about, after every word", "label", live=True, pairs=40_000),
    ask("a verb or a noun, while somebody is typing", "labels", live=True, pairs=40_000),
    ask("interpret a speech while it is held", "text", True, True, 10**6),
    ask("guess the next word on a phone", "text", False, True),
]
REFUSED = [ask("paint a picture of it", "picture"), ask("say nothing", "", live=True)]


@choose_architecture.case("one task of each family, by hand", 0.5, judge=Family(READING[:1]))
def by_hand(rng: Generator) -> ByHand:
    return ByHand(READING[0], ("encoder", "masked"))


_case("nothing is to be written", READING)
_case("a text is to be carried on", WRITING)
_case("a source is to be said in another way", REWRITING)
_case("what a task is called decides nothing", NAMES, 0.5, "The words of `task` are for people.")
_case("pairs enough, or a prompt", PROMPTED, 1, "With too few pairs, who can still be asked?")
_case("an answer after every word", LIVE, 1, "The rest of the text is not there yet.")
_case("what nobody asked for", REFUSED, 0.25)


@choose_architecture.case("hidden tasks", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    few, many = (
        int(randint(0, 900, (), generator=rng)),
        int(randint(1001, 10**6, (), generator=rng)),
    )
    wants = ["label", "labels", "vector", "text"]
    return [
        ask("a task", one, rewrites, live, pairs)
        for one in wants
        for rewrites in (False, True)
        for live in (False, True)
        for pairs in (few, many)
    ]


@choose_architecture.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask("manuals from English into French", "text", True, False, 200_000)


E, D, B = ("encoder", "masked"), ("decoder", "causal"), ("encoder-decoder", "denoising")


@choose_architecture.variant
def with_match(task, wants, rewrites=False, live=False, pairs=0):
    match wants:
        case "label" | "labels" | "vector":
            return D if live else E
        case "text":
            return B if rewrites and not live and pairs > 999 else D
        case _:
            raise ValueError(wants)


@choose_architecture.variant
def with_a_table(task, wants, rewrites=False, live=False, pairs=0):
    reads = {"label": True, "labels": True, "vector": True, "text": False}
    if wants not in reads:
        raise ValueError(f"nobody makes {wants}")
    objectives = {"encoder": "masked", "decoder": "causal", "encoder-decoder": "denoising"}
    both_ways = not live and (reads[wants] or (rewrites and pairs >= 1000))
    parts = ["encoder"] * both_ways + ["decoder"] * (not both_ways or not reads[wants])
    family = "-".join(parts)
    return family, objectives[family]
