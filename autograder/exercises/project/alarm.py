"""Alarm: the judge of a test that a learner writes, by whom it accuses and whom it lets pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator

from autograder.exercise import Exercise
from autograder.judge import Seen, complaint
from autograder.observation import Observation
from autograder.suspects import Suspect
from autograder.trial import Trial, ask
from autograder.words import Words

# How right suspects are written: said to those who accuse one.
WRITTEN = {
    "library": "the library's own",
    "double": "one that computes in float64",
    "backwards": "one that reads the keys in reverse order",
    "query by query": "one that works query by query",
    "rescaled": "one that divides q by 7 and multiplies k by 7 first",
    "text by text": "one that works text by text",
    "shifted logits": "one that adds 3 to all logits first, which changes no probability",
    "padded": "one that adds three impossible tokens first, and takes them away again",
    "row by row": "one that works row by row",
}

Way = str | tuple[str, float]


@dataclass
class Alarm:
    """An error is an alarm. Wrong suspects must raise one, right ones none.

    `right` says how those that are right are written, in the order of the trials. The `hint` is for
    those who let a wrong one pass.
    """

    right: Sequence[str]
    hint: str = ""

    def fault(self, seen: Seen, expected: Seen, words: Words) -> str | None:
        """Report the first right suspect that is accused, and how many wrong ones pass."""
        for one, right in zip(seen, expected, strict=True):
            if one.raised and not _alarm(one):
                return complaint(one, right)
        texts = []
        spared = [one for one, right in zip(seen, expected, strict=True) if not right.raised]
        for way, one in zip(self.right, spared, strict=False):
            if one.raised:
                message = " ".join(one.raised.message.split())[:160]
                said = f"{one.raised.kind}{f' ({message})' if message else ''}"
                texts.append(f"It accuses a right implementation, {WRITTEN[way]}: {said}.")
                break
        wrong = [one for one, right in zip(seen, expected, strict=True) if right.raised]
        passed = [one for one in wrong if not one.raised]
        if passed:
            texts.append(_let_pass(len(passed), len(wrong)))
            if isinstance(passed[0].outputs[0], bool):
                texts.append(f"(It returned {passed[0].outputs[0]}: only an error is an alarm.)")
            texts.append(self.hint)
        return " ".join(text for text in texts if text) or None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Both raise an alarm, or both return the same."""
        if one.raised or other.raised:
            return bool(one.raised) == bool(other.raised)
        return one.outputs == other.outputs


class Luck(Alarm):
    """For the house rules: whether both draw from the global random generator, or neither does."""

    def alike(self, one: Observation, other: Observation) -> bool:
        """As for other alarms, and by the same amount of luck."""
        return super().alike(one, other) and one.drew == other.drew


def _let_pass(passed: int, wrong: int) -> str:
    if wrong == 1:
        return "It lets a wrong implementation pass."
    if passed == wrong:
        return f"It lets {'both' if wrong == 2 else f'all {wrong}'} wrong implementations pass."
    return f"Of {wrong} wrong implementations it lets {passed} pass."


def _alarm(one: Observation) -> bool:
    """Whether this is an error that a test may raise: not the end of time, not an empty answer."""
    if one.raised is None or one.raised.kind in ("TimeUp", "Skipped", "WireError"):
        return False
    empty = one.raised.kind == "NotImplementedError" and not one.raised.message
    return "Exception" in one.raised.bases and not empty


def line_up(rng: Generator, kind: str, right: Sequence[Way], wrong: Sequence[Way]) -> list[Trial]:
    """One trial for each suspect, right and wrong mixed; the right ones keep their order."""
    chosen = [*right, *wrong]
    order = torch.randperm(len(chosen), generator=rng).tolist()
    places = sorted(order[: len(right)]) + order[len(right) :]
    trials: dict[int, Trial] = {}
    for place, way in zip(places, chosen, strict=True):
        name, number = (way, 0.0) if isinstance(way, str) else way
        trials[place] = ask(Suspect(kind, name, number))
    return [trials[place] for place in sorted(trials)]


def suspects_of(
    exercise: Exercise,
    kind: str,
    name: str,
    points: float,
    right: Sequence[str],
    wrong: Sequence[Way],
    hint: str = "",
) -> None:
    """Add a case: these suspects, one after the other, are handed to the test."""

    def make(rng: Generator) -> list[Trial]:
        return line_up(rng, kind, right, wrong)

    exercise.case(name, points, judge=Alarm(right, hint))(make)
