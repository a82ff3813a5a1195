"""The true score of a notebook: its answers, defined and examined without running a notebook."""

import ast
import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder import exercises
from autograder.exercise import Exercise, Mistake
from autograder.facts import facts_of
from autograder.notebooks.names import needed
from autograder.notebooks.source import CHECK, DEMO
from autograder.office import objection
from autograder.rehearsal import sit

PLAIN = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef


@dataclass
class Truth:
    """Finds true scores; the same answer, built on the same others, is examined only once."""

    seed: int = 1
    seen: dict[tuple[str, ...], tuple[float, tuple[str, ...]]] = field(default_factory=dict)

    def points(self, source: NotebookNode, answers: Mapping[str, str]) -> dict[str, float]:
        """Return the points of every graded cell of `source`, a lesson's notebook with all tests.

        `answers` are the sources of its answer cells.
        """
        space: dict[str, Any] = {"__name__": "__main__"}
        recognised: dict[str, Sequence[Mistake]] = {}
        points = {}
        for cell in source.cells:
            if cell.cell_type != "code" or DEMO in cell.metadata.get("tags", []):
                continue
            words = cell.metadata.get("nbgrader", {})
            if not words:
                _define(definitions(cell.source), space)
            elif words.solution:
                _define(answers[words.grade_id], space)
            elif words.grade_id.startswith(CHECK):
                name = words.grade_id.removeprefix(CHECK)
                exercise = exercises.find(name)
                assert exercise is not None
                points[words.grade_id], found = self._examine(exercise, answers, space, recognised)
                recognised[name] = [m for m in exercise.mistakes if m.name in found]
            else:
                points[words.grade_id] = words.points * _define(cell.source, space)
        return points

    def _examine(
        self,
        exercise: Exercise,
        answers: Mapping[str, str],
        space: Mapping[str, Any],
        recognised: Mapping[str, Sequence[Mistake]],
    ) -> tuple[float, tuple[str, ...]]:
        if exercise.name not in space:
            return 0.0, ()
        used = _used(exercise, answers)
        key = (exercise.name, *(f"{name}: {answers[name]}" for name in used))
        if key not in self.seen:
            answer = space[exercise.name]
            if objection(exercise, facts_of(answer, exercise.name)):
                return 0.0, ()
            with contextlib.redirect_stderr(io.StringIO()):
                verdict = sit(exercise, answer, self.seed, recognised)
            found = tuple(d.name for d in verdict.diagnoses if d.sure == 1)
            self.seen[key] = verdict.points, found
        return self.seen[key]


def _define(source: str, space: dict[str, Any]) -> bool:
    """Run a cell's source; return whether it ran to its end."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(source, "<cell>", "exec"), space)
        except Exception:
            return False
    return True


def definitions(source: str) -> str:
    """Return what a cell that is not graded defines: imports, functions, classes, plain values."""
    lines = source.splitlines()
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    kept = [node for node in ast.parse(code).body if isinstance(node, PLAIN) or _is_literal(node)]
    return ast.unparse(ast.Module(kept, []))


def _is_literal(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def _used(exercise: Exercise, answers: Mapping[str, str]) -> list[str]:
    """Return the names of the answers that an answer may call, its own among them."""
    used = {exercise.name}
    waiting = [exercise.name, *(u.name for u in exercise.uses)]
    while waiting:
        name = waiting.pop()
        used.add(name)
        try:
            calls = needed(answers.get(name, ""))
        except SyntaxError:
            calls = set()
        waiting += (calls & answers.keys()) - used
    return sorted(used & answers.keys())
