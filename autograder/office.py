"""The examiner's office: its end of the wire. Questions out, observations in, verdicts out."""

import difflib
import hashlib
import secrets
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from autograder import exercises, wire
from autograder.examiner import SECONDS, Paper, examine, refuse, set_paper
from autograder.exercise import Exercise, Mistake
from autograder.facts import facts_of
from autograder.observation import Observation
from autograder.verdict import Noted, Verdict

MISFIT = "The answers do not fit the questions."
# A cluster's worker has threads. Trials of our own use what a process has once: its random
# generator, its standard output, the functions that an earlier mistake is put in the place of.
_ALONE = threading.RLock()


class Office:
    """Examines one learner's answers, in as many sittings as they like.

    When it counts (`once`), an exercise can be sat once, and the notebook is told its points only.
    `seed` decides the hidden cases; by default every sitting draws its own. `verdicts` keeps the
    first verdict of each exercise when `once` is set, otherwise the latest.
    """

    def __init__(self, seed: int | None = None, once: bool = False) -> None:
        """Open with no sitting held."""
        self.seed = seed
        self.once = once
        self.verdicts: dict[str, Verdict] = {}
        self._recognised: dict[str, Sequence[Mistake]] = {}
        self._papers: dict[int, Paper] = {}
        self._sat: set[str] = set()

    def reply(self, message: bytes) -> bytes:
        """Answer one message of the learner's side; a message that makes no sense is refused."""
        with _ALONE:
            return self._reply(message)

    def _reply(self, message: bytes) -> bytes:
        try:
            value = wire.unpack(message)
            if "sit" in value:
                return self._sit(value["sit"], value["facts"])
            seen = [Observation.from_value(one) for one in value["seen"]]
            return self._judge(value["ticket"], seen, message)
        except (wire.WireError, KeyError, TypeError, AttributeError) as error:
            return _told(
                Verdict("check", 0.0, 0.0, refused=f"The examiner was sent nonsense: {error}")
            )

    def _sit(self, name: str, facts: dict[str, Any]) -> bytes:
        exercise = exercises.find(name)
        if exercise is None:
            return _told(unknown(name))
        if self.once and name in self._sat:
            return _told(refuse(exercise, f"{name} was already examined."))
        self._sat.add(name)
        why = objection(exercise, facts)
        if why:
            return self._keep(exercise, refuse(exercise, why))
        seed = secrets.randbits(48) if self.seed is None else self.seed
        paper = set_paper(exercise, seed)
        ticket, questions = asked(paper)
        self._papers[ticket] = paper
        return questions

    def _judge(self, ticket: int, seen: list[Observation], message: bytes) -> bytes:
        """Judge what was seen; a whole class shows much that is the same to the last bit."""
        paper = self._papers.pop(ticket)
        exercise = paper.exercise
        if len(seen) != len(paper.trials()):
            return self._keep(exercise, refuse(exercise, MISFIT))
        earlier = {used.name: self._recognised.get(used.name, ()) for used in exercise.uses}
        names = tuple((name, *(m.name for m in mistakes)) for name, mistakes in earlier.items())
        shown = hashlib.sha256(message).digest(), names
        if shown not in paper.verdicts:
            paper.verdicts[shown] = examine(paper, seen, earlier)
        return self._keep(exercise, paper.verdicts[shown])

    def _keep(self, exercise: Exercise, verdict: Verdict) -> bytes:
        self.verdicts[exercise.name] = verdict
        names = {d.name for d in verdict.diagnoses if d.sure == 1}
        self._recognised[exercise.name] = [m for m in exercise.mistakes if m.name in names]
        if self.once:
            told = Noted(
                verdict.exercise, verdict.points, verdict.max_points, refused=verdict.refused
            )
            return wire.pack({"verdict": told.as_json(), "noted": True})
        return _told(verdict)


@lru_cache(maxsize=64)  # a class gets the same paper
def asked(paper: Paper) -> tuple[int, bytes]:
    """Return a ticket for a paper and the message with its questions."""
    ticket = secrets.randbits(48)
    message = {
        "ticket": ticket,
        "kind": paper.exercise.kind,
        "questions": [trial.as_value() for trial in paper.trials()],
        "forbidden": paper.exercise.instead_of,
        "seconds": SECONDS,
    }
    return ticket, wire.pack(message)


def _told(verdict: Verdict) -> bytes:
    return wire.pack({"verdict": verdict.as_json()})


def unknown(name: str) -> Verdict:
    """Refuse a name that no exercise has, with the nearest ones that exist."""
    near = difflib.get_close_matches(name, exercises.names(), n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return Verdict(name, 0.0, 0.0, refused=f"There is no exercise called {name}.{hint}")


def objection(exercise: Exercise, facts: dict[str, Any]) -> str | None:
    """Say why an answer cannot be examined at all; None if it can."""
    if facts["library"]:
        return (
            f"This is, or calls, the library's own {facts['library']}. "
            "That one is right; the exercise is to write yours."
        )
    if facts["kind"] != exercise.kind:
        return f"{exercise.name} should be a {exercise.kind}; this is a {facts['kind']}."
    if exercise.kind == "function":
        wanted = facts_of(exercise.reference, "")["parameters"]
        given = list(facts["parameters"])
        if not _takes(given, wanted):
            return (
                f"{exercise.name} should take ({', '.join(wanted)}); "
                f"this one takes ({', '.join(given)})."
            )
    return None


def _takes(given: list[str], wanted: list[str]) -> bool:
    """Whether a function with the given parameters can be called like the wanted one."""
    if any(parameter.startswith("*") for parameter in given):
        return True
    names = [parameter.split("=")[0] for parameter in given]
    extra_required = [p for p in given[len(wanted) :] if "=" not in p]
    return names[: len(wanted)] == [p.split("=")[0] for p in wanted] and not extra_required
