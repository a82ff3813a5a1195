import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grading.marks import marks_of
from autograder.verdict import MIME, Verdict


def graded(name: str, *outputs: NotebookNode, points: float = 5) -> NotebookNode:
    words = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": points}
    cell = new_code_cell("check(attend)", metadata={"nbgrader": words}, outputs=list(outputs))
    cell.execution_count = 1
    return cell


def result(text: object) -> NotebookNode:
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def points(cell: NotebookNode) -> float | None:
    return marks_of(new_notebook(cells=[cell]))[0].points


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "5.01", "1e9", "'full'", "[5]", "", "True"])
def test_what_is_no_score_of_the_cell_counts_nothing(text):
    assert points(graded("check-attend", result(text))) == 0


@pytest.mark.parametrize(("text", "score"), [("0.0", 0), ("2.5", 2.5), ("5.0", 5)])
def test_a_number_of_points_counts(text, score):
    assert points(graded("check-attend", result(text))) == score


def test_a_check_without_a_result_counts_nothing_but_passed_asserts_count():
    assert points(graded("check-attend")) == 0
    assert points(graded("tests-attend")) == 5


def test_a_cell_that_was_never_run_counts_nothing():
    cell = graded("tests-attend")
    cell.execution_count = None

    assert points(cell) == 0


def test_a_warning_on_stderr_is_not_a_wrong_answer():
    warning = new_output("stream", name="stderr", text="slow!")

    assert points(graded("check-attend", warning, result("5.0"))) == 5


def test_an_error_counts_nothing_even_after_a_result():
    error = new_output("error", ename="E", evalue="e", traceback=["e"])

    assert points(graded("check-attend", error, result("5.0"))) == 0


def test_the_verdict_is_read_from_the_cell_and_a_forged_one_is_no_verdict():
    verdict = Verdict("attend", 2.5, 5.0)
    bundle = verdict._repr_mimebundle_()
    cell = graded("check-attend", new_output("execute_result", data=bundle, execution_count=1))
    forged = graded(
        "check-attend",
        new_output("execute_result", data={"text/plain": "1", MIME: {"x": 1}}, execution_count=1),
    )

    [mark] = marks_of(new_notebook(cells=[cell]))
    assert mark.verdict == verdict
    assert mark.label == "attend"
    assert marks_of(new_notebook(cells=[forged]))[0].verdict is None
