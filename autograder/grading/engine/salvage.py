"""Salvage: a cell that ends its process costs itself, not the rest of the notebook."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.grading.engine.client import Isolation
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.outputs import Outputs
from autograder.grading.engine.process import Died, Examiner, Process

IMPORT = "from autograder.check import check"


@dataclass
class RunResult:
    """An executed notebook, and what happened on the way."""

    notebook: NotebookNode
    isolation: Isolation
    fatal: dict[int, str] = field(default_factory=dict)  # cells that ended their process, and how
    stopped: list[int] = field(default_factory=list)  # cells that ran too long and could be stopped
    not_run: list[int] = field(
        default_factory=list
    )  # cells that the submission's limits left no room
    cut: list[int] = field(default_factory=list)  # cells whose output was over the limit
    lost_in_replay: list[int] = field(default_factory=list)  # cells that died only when run again
    limits_hit: list[str] = field(default_factory=list)
    restarts: int = 0
    seconds: float = 0.0


def is_check(cell: NotebookNode) -> bool:
    """Whether a cell is graded and not the learner's to write."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade")) and not marks.get("solution")


def _sits(notebook: NotebookNode) -> set[int]:
    """The cells in which the examiner is asked: the checks; where a notebook has none, all.

    A check that a learner has added somewhere else must not use up the one sitting.
    """
    checks = {i for i, cell in enumerate(notebook.cells) if is_check(cell)}
    return checks or set(range(len(notebook.cells)))


def run(
    notebook: NotebookNode,
    fork: Callable[[], Process],
    examiner: Examiner,
    limits: Limits,
    isolation: Isolation,
) -> RunResult:
    """Run the code cells of this notebook in place, forking again after each cell that is fatal."""
    began = time.monotonic()
    ends = began + limits.submission_seconds
    result = RunResult(notebook, isolation)
    outputs = Outputs(notebook, limits)
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for index in code:
        notebook.cells[index].outputs = []
        notebook.cells[index].execution_count = None
    waiting = list(code)
    while waiting:
        outputs.restart()
        with fork() as process:
            done = [index for index in code if index < waiting[0]]
            if not _replay(process, notebook, done, result, ends):
                if _spent(result, limits, ends):
                    break
                continue
            if not _go_on(process, waiting, outputs, result, examiner, limits, ends):
                break
        if waiting and _spent(result, limits, ends):
            break
    for index in waiting:
        result.not_run.append(index)
        outputs.fail(index, "NotRun", "the submission had used up what it may use before this cell")
    outputs.finish()
    result.cut = sorted(outputs.cut)
    result.seconds = time.monotonic() - began
    return result


def _spent(result: RunResult, limits: Limits, ends: float) -> bool:
    """Count a restart; say whether there may be none."""
    if time.monotonic() >= ends:
        _hit(result, "submission time")
        return True
    if result.restarts >= limits.restarts:
        _hit(result, "restarts")
        return True
    result.restarts += 1
    return False


def _hit(result: RunResult, limit: str | None) -> None:
    if limit is not None and limit not in result.limits_hit:
        result.limits_hit.append(limit)


def _go_on(
    process: Process,
    waiting: list[int],
    outputs: Outputs,
    result: RunResult,
    examiner: Examiner,
    limits: Limits,
    ends: float,
) -> bool:
    """Run the waiting cells until one is fatal; False when the submission's time is up."""
    notebook = result.notebook
    sits = _sits(notebook)
    # A learner may have called something else `check`, by accident or not.
    imports_check = any(IMPORT in cell.source for cell in notebook.cells)
    while waiting:
        began = time.monotonic()
        if began >= ends:
            _hit(result, "submission time")
            return False
        index = waiting.pop(0)
        outputs.start(index)
        request = {
            "cell": index,
            "source": notebook.cells[index].source,
            "comms": outputs.sent_back(),
            "locked": is_check(notebook.cells[index]),
            "check": is_check(notebook.cells[index]) and imports_check,
        }
        until = min(began + limits.cell_seconds, ends)
        try:
            asked = examiner if index in sits else None
            _, interrupted = process.run(request, until, ends, outputs.take, asked)
        except Died as death:
            result.fatal[index] = death.why
            _hit(result, death.limit)
            outputs.fail(index, "CellDied", f"This cell was fatal: {death.why}.")
            return True
        if interrupted:
            result.stopped.append(index)
            _hit(result, "time")
            seconds = time.monotonic() - began
            limit = f"the limit is {limits.cell_seconds:g} s"
            text = f"This cell was stopped after {seconds:.1f} s; {limit}."
            outputs.fail(index, "TimeLimit", text)
    return True


def _replay(
    process: Process, notebook: NotebookNode, done: list[int], result: RunResult, ends: float
) -> bool:
    """Run the cells again that are done, for their definitions; no check is sat again.

    Returns False when one of them ended the process: it is left out from then on.
    """
    left_out = {*result.fatal, *result.stopped, *result.lost_in_replay}
    for index in done:
        cell = notebook.cells[index]
        if index in left_out or is_check(cell):
            continue
        request = {"cell": index, "source": cell.source}
        try:
            process.run(request, ends, ends, lambda message, size: None, None)
        except Died:
            result.lost_in_replay.append(index)
            return False
    return True
