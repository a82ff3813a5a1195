"""Runs a submission in the warm, sandboxed engine; its checks get the examiner's own findings."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nbformat import NotebookNode

from autograder.grading.beside import Beside
from autograder.grading.engine.client import Isolation, Lent
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.salvage import RunResult
from autograder.grading.engine.warm_server import WarmServer
from autograder.grading.layers import built_layers
from autograder.grading.ran import Ran
from autograder.notebooks.source import CHECK, DEMO
from autograder.verdict import Verdict


class Engine:
    """A warm server for one lesson, and the examiner outside it.

    The layers that the lesson's learners build are out of the submissions' sight. `seed` decides
    the hidden cases: the same for a whole class.
    """

    def __init__(
        self,
        lesson: str,
        seed: int,
        isolation: Isolation = "full",
        limits: Limits | None = None,
        lent: Lent | None = None,
    ) -> None:
        """Start the server, unless one is lent; raises NoIsolation where the machine cannot."""
        self.seed = seed
        self.isolation = isolation
        with ThreadPoolExecutor(1) as starting:
            masked = lent.masked if lent else built_layers(lesson)
            server = starting.submit(WarmServer, isolation, masked, limits, lent)
            # Both import torch, in processes of their own: let them do so at the same time.
            self.office = importlib.import_module("autograder.office")
            self.server = server.result()

    def run(self, notebook: NotebookNode, files: Beside | None = None) -> Ran:
        """Run a notebook that was put together from the released one, with files beside it."""
        office = self.office.Office(seed=self.seed, once=True)
        shown = without_demonstrations(notebook)
        result = self.server.run(shown, office.reply, files=(files or Beside()).contents)
        inside = settle(result.notebook, office.verdicts)
        return Ran(result.notebook, flags_of(result, inside))

    def close(self) -> None:
        """End the server."""
        self.server.close()


def without_demonstrations(notebook: NotebookNode) -> NotebookNode:
    """Turn demonstrations into prose: nothing graded depends on them, and they take minutes."""
    copy = NotebookNode(notebook)
    copy.cells = [_as_prose(cell) if _is_demonstration(cell) else cell for cell in notebook.cells]
    return copy


def _is_demonstration(cell: NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and DEMO in tags and "nbgrader" not in cell.metadata


def _as_prose(cell: NotebookNode) -> NotebookNode:
    text = f"*(a demonstration, not run for grading)*\n\n```python\n{cell.source}\n```"
    return NotebookNode(
        cell_type="markdown", id=cell.id, metadata=NotebookNode(cell.metadata), source=text
    )


def settle(notebook: NotebookNode, verdicts: dict[str, Verdict]) -> list[str]:
    """Put the examiner's verdicts in the place of whatever the checks put out.

    Returns the names of graded cells that hold tests of an instructor's own: those ran inside.
    """
    inside = []
    for cell in notebook.cells:
        words: dict[str, Any] = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not words.get("grade") or words.get("solution"):
            continue
        if not words["grade_id"].startswith(CHECK):
            inside.append(words["grade_id"])
            continue
        verdict = verdicts.get(words["grade_id"].removeprefix(CHECK))
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if verdict is None:
            cell.outputs = errors
        else:
            cell.execution_count = cell.execution_count or 1
            cell.outputs = [_shown(verdict, cell.execution_count)]
    return inside


def _shown(verdict: Verdict, count: int) -> NotebookNode:
    """What a cell shows of a verdict; not by `new_output`, which spends its time on checking it."""
    data = NotebookNode(verdict._repr_mimebundle_())
    return NotebookNode(
        output_type="execute_result", data=data, metadata=NotebookNode(), execution_count=count
    )


def flags_of(result: RunResult, inside: list[str]) -> list[str]:
    """Say in words what happened while a submission ran."""
    flags = []
    if result.isolation == "none":
        flags.append("Not isolated: it ran without a sandbox.")
    flags += [f"Crashed: a cell ended its process ({why})." for why in result.fatal.values()]
    if result.stopped:
        flags.append(f"Stopped: {len(result.stopped)} cells ran too long.")
    if result.not_run:
        flags.append(f"Not run: {len(result.not_run)} cells, for want of time.")
    if result.cut:
        flags.append(f"Cut: the output of {len(result.cut)} cells was too long.")
    if inside:
        flags.append(f"Checked inside: {', '.join(inside)}.")
    return flags
