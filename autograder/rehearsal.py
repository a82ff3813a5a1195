"""Rehearsal: let any answer sit an exercise, as a learner's would, through the wire and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder import wire
from autograder.check import try_out
from autograder.examiner import SECONDS, examine, set_paper
from autograder.exercise import Exercise, Mistake
from autograder.observation import Observation
from autograder.verdict import Verdict


def sit(
    exercise: Exercise,
    answer: Any,
    seed: int = 1,
    earlier: Mapping[str, Sequence[Mistake]] | None = None,
) -> Verdict:
    """Examine an answer; `earlier` as in `examine`."""
    paper = set_paper(exercise, seed)
    questions = {
        "questions": [trial.as_value() for trial in paper.trials()],
        "forbidden": list(exercise.instead_of),
        "kind": exercise.kind,
        "seconds": SECONDS,
    }
    seen = try_out(answer, wire.unpack(wire.pack(questions)))
    sent = wire.unpack(wire.pack([one.as_value() for one in seen]))
    return examine(paper, [Observation.from_value(one) for one in sent], earlier)
