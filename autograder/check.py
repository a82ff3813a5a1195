"""check: the learner's side. Asks for questions, tries the answer, shows the verdict."""

import inspect
from dataclasses import replace
from typing import Any

from autograder import wire
from autograder.answering import observe
from autograder.facts import facts_of
from autograder.newer import failed_since
from autograder.observation import Observation, Raised
from autograder.trial import Trial
from autograder.verdict import Noted, Verdict

USAGE = "check takes the thing you wrote, by its name: check(attend), or check(cache_bytes=number)."


def check(answer: Any = None, /, **values: Any) -> Verdict:
    """Try an answer against its exercise and return the verdict; a notebook shows it as a panel.

    Give the function or class itself, `check(attend)`, or a number by name, `check(answer=42)`.
    Nothing an answer does ends the check, apart from interrupting the kernel.
    """
    if values:
        if answer is not None or len(values) > 1:
            return _refused("check", f"One thing at a time. {USAGE}")
        [(name, answer)] = values.items()
    else:
        name = getattr(answer, "__name__", "")
        if not name or not (inspect.isclass(answer) or callable(answer)):
            got = "nothing" if answer is None else f"a value of type {type(answer).__name__}"
            return _refused("check", f"This is {got}, not a function or class. {USAGE}")
    reply = _ask({"sit": name, "facts": facts_of(answer, name)})
    if "verdict" not in reply:
        seen = try_out(answer, reply)
        reply = _ask({"ticket": reply["ticket"], "seen": [one.as_value() for one in seen]})
    older = "" if values else failed_since(answer, name)
    kind = Noted if "noted" in reply else Verdict
    return replace(kind.from_json(reply["verdict"]), older=older)


def try_out(answer: Any, wanted: dict[str, Any]) -> list[Observation]:
    """Make all trials that were asked for.

    After the first trial that runs out of time the rest are not made: they would, too.
    """
    seen: list[Observation] = []
    for value in wanted["questions"]:
        if seen and seen[-1].raised and seen[-1].raised.kind in ("TimeUp", "Skipped"):
            why = "an earlier case did not end in time"
            seen.append(Observation(raised=Raised("Skipped", [], why)))
        elif wanted["kind"] == "value":
            seen.append(_value(answer))
        else:
            trial = Trial.from_value(value)
            seen.append(observe(answer, trial, tuple(wanted["forbidden"]), wanted["seconds"]))
    return seen


def _value(answer: Any) -> Observation:
    try:
        wire.check_value(answer)
    except wire.WireError as error:
        return Observation(raised=Raised("WireError", ["WireError"], str(error)))
    return Observation(outputs=[answer])


def _ask(message: dict[str, Any]) -> dict[str, Any]:
    reply: dict[str, Any] = wire.unpack(wire.connect().request(wire.pack(message)))
    return reply


def _refused(name: str, why: str) -> Verdict:
    return Verdict(name, 0.0, 0.0, refused=why)
