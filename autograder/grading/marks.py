"""Marks: what the graded cells of an executed notebook are worth, and what the examiner said."""

import math
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import determine_grade, is_grade, is_solution

from autograder.notebooks.source import CHECK
from autograder.verdict import MIME, Verdict


@dataclass(frozen=True)
class Mark:
    """The points of one graded cell; `points` is None while a person has to give them."""

    grade_id: str
    points: float | None
    max_points: float
    verdict: Verdict | None = None

    @property
    def label(self) -> str:
        """What people call it: the exercise."""
        return label(self.grade_id)


def label(grade_id: str) -> str:
    """Return what people call a graded cell: the exercise."""
    return grade_id.removeprefix(CHECK).removeprefix("tests-")


def marks_of(notebook: NotebookNode) -> list[Mark]:
    """Return the marks of an executed notebook, in its order."""
    marks = []
    for cell in notebook.cells:
        if is_grade(cell):
            if cell.cell_type == "code":
                # nbgrader alone takes a warning on stderr for a wrong answer.
                cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
            distrust(cell)
            points, most = determine_grade(cell)
            marks.append(Mark(cell.metadata.nbgrader.grade_id, points, most, verdict_of(cell)))
    return marks


def verdict_of(cell: NotebookNode) -> Verdict | None:
    """Return the verdict that a cell shows, None if it shows none that can be read."""
    for output in cell.get("outputs", []):
        data = output.get("data", {}).get(MIME)
        if data is not None:
            try:
                verdict = Verdict.from_json(data)
                verdict.text()
            except (TypeError, KeyError, ValueError, AttributeError):
                return None
            return verdict
    return None


class DistrustScores(NbGraderPreprocessor):  # type: ignore[misc]
    """Before nbgrader saves the scores: a result that is no score of its cell counts 0.

    nbgrader alone gives full marks for text, for NaN and for nothing at all, and gives up at a
    number above the cell's points.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Distrust one cell."""
        if is_grade(cell):
            distrust(cell)
        return cell, resources


def distrust(cell: NotebookNode) -> None:
    """Put an error into a graded code cell whose result is no number of points that it can give."""
    if cell.cell_type != "code" or is_solution(cell):
        return
    points = float(cell.metadata.nbgrader["points"])
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    failed = any(output.output_type == "error" for output in cell.outputs)
    if cell.execution_count is None and not cell.outputs:
        _fail(cell, f"this cell was never run. It counts 0 of {points:g}.")
    elif not results and not failed and cell.metadata.nbgrader["grade_id"].startswith(CHECK):
        _fail(cell, f"this check gave no score. It counts 0 of {points:g}.")
    for output in results:
        text = output.data.get("text/plain", "")
        text = text if isinstance(text, str) else "".join(map(str, text))
        if not _is_score(text, points):
            shown = text if len(text) <= 60 else f"{text[:60]}..."
            _fail(cell, f"{shown!r} is no score from 0 to {points:g}. It counts 0.")
            return


def _is_score(text: str, points: float) -> bool:
    try:
        score = float(text)
    except ValueError:
        return False
    return math.isfinite(score) and 0 <= score <= points


def _fail(cell: NotebookNode, why: str) -> None:
    error = {
        "output_type": "error",
        "ename": "NoScore",
        "evalue": why,
        "traceback": [f"NoScore: {why}"],
    }
    cell.outputs.insert(0, NotebookNode(error))
