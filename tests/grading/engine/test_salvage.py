"""What is saved of a notebook when one of its cells ends the process."""

import time
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.limits import Limits
from autograder.grading.engine.salvage import RunResult
from autograder.grading.engine.warm_server import WarmServer

pytestmark = pytest.mark.sandbox

CHECK = {"nbgrader": {"grade_id": "t", "grade": True, "solution": False, "locked": True}}
ASK = "from autograder import wire\nprint(wire.connect().request(b'question'))"


def run(server: WarmServer, *sources: str | tuple[str, dict], examiner=bytes.upper, **limits):
    cells = [
        new_code_cell(source)
        if isinstance(source, str)
        else new_code_cell(source[0], metadata=CHECK)
        for source in sources
    ]
    limits = replace(Limits(cell_seconds=20, grace_seconds=1), **limits)
    return server.run(new_notebook(cells=cells), examiner, limits)


def shown(result: RunResult, index: int) -> str:
    return "".join(
        o.get("text", "") + o.get("evalue", "") for o in result.notebook.cells[index].outputs
    )


def test_definitions_are_there_again_after_a_restart(server):
    result = run(server, "x = 1", "import os; os.abort()", "y = x + 1", "print(x, y)")

    assert shown(result, 3) == "1 2\n"
    assert list(result.fatal) == [1]
    assert result.restarts == 1


def test_outputs_from_before_the_restart_are_kept_and_not_doubled(server):
    result = run(server, "print('once')", "import os; os._exit(1)", "print('after')")

    assert [shown(result, i) for i in (0, 2)] == ["once\n", "after\n"]


def test_two_fatal_cells_cost_two_restarts(server):
    result = run(server, "import os", "os._exit(1)", "x = 3", "os._exit(2)", "print(x)")

    assert shown(result, 4) == "3\n"
    assert list(result.fatal) == [1, 3]
    assert result.restarts == 2


def test_restarts_are_limited(server):
    result = run(server, "import os", *["os._exit(1)"] * 4, "print(1)", restarts=2)

    assert list(result.fatal) == [1, 2, 3]
    assert result.not_run == [4, 5]
    assert result.limits_hit == ["restarts"]
    assert "had used up what it may use" in shown(result, 5)


def test_a_cell_that_dies_only_when_it_is_run_again_is_left_out(server):
    # The second time, the clock says so.
    later = f"import os, time\nif time.time() > {time.time()} + 3: os._exit(5)\nx = 1"
    result = run(server, later, "import time; time.sleep(3.5)\nos._exit(1)", "print('end')")

    assert shown(result, 2) == "end\n"
    assert result.lost_in_replay == [0]


def test_checks_are_not_sat_again(server):
    asked = []

    def examiner(message: bytes) -> bytes:
        asked.append(message)
        return b"answer"

    result = run(
        server, ("import os\n" + ASK, CHECK), "os._exit(1)", "x = 1", "print(x)", examiner=examiner
    )

    assert asked == [b"question"]
    assert shown(result, 0) == "b'answer'\n"
    assert shown(result, 3) == "1\n"


def test_a_check_outside_its_cell_is_refused(server):
    result = run(server, ASK, (ASK, CHECK))

    assert "a check is sat once, in its own cell" in shown(result, 0)
    assert shown(result, 1) == "b'QUESTION'\n"


def test_the_examiners_time_is_not_the_submissions(server):
    def slow(message: bytes) -> bytes:
        time.sleep(3)
        return b"done"

    result = run(server, ASK, examiner=slow, cell_seconds=2)

    assert shown(result, 0) == "b'done'\n"
    assert result.stopped == []


def test_an_examiner_that_fails_does_not_end_the_run(server):
    def broken(message: bytes) -> bytes:
        raise KeyError("oh")

    result = run(server, ASK, "print('on')", examiner=broken)

    assert "the examiner failed" in shown(result, 0)
    assert shown(result, 1) == "on\n"


def test_large_questions_and_answers_arrive_whole(server):
    asking = "from autograder import wire\nprint(len(wire.connect().request(bytes(30_000_000))))"

    assert shown(run(server, asking), 0) == "30000000\n"


def test_a_question_over_the_limit_is_refused(server):
    asking = "from autograder import wire\nwire.connect().request(bytes(100_000_000))"
    result = run(server, asking, "print('on')")

    assert "over the limit" in shown(result, 0)
    assert shown(result, 1) == "on\n"


def test_a_process_that_the_notebook_forked_cannot_ask(server):
    asking = (
        "import os\nfrom autograder import wire\n"
        "if os.fork() == 0:\n    try: wire.connect().request(b'x'); print('BREACH')\n"
        "    except Exception as e: print(e)\n    os._exit(0)\nos.wait()"
    )
    result = run(server, asking)

    assert "BREACH" not in shown(result, 0)


def test_the_whole_submission_has_a_limit(server):
    sleeping = "import time; time.sleep(2)"
    result = run(server, *[sleeping] * 5, submission_seconds=5)

    assert "submission time" in result.limits_hit
    assert 4 in result.not_run


def test_an_interrupt_stops_a_cell_and_keeps_the_process(server):
    result = run(
        server,
        "x = 1",
        "import time; time.sleep(60)",
        "await asyncio.sleep(60)",
        "print(x)",
        cell_seconds=2,
    )

    assert shown(result, 3) == "1\n"
    assert result.stopped[0] == 1
    assert "the limit is 2 s" in shown(result, 1)
    assert result.fatal == {}


def test_a_top_level_await_can_be_stopped(server):
    result = run(server, "import asyncio", "await asyncio.sleep(60)", "print(1)", cell_seconds=2)

    assert (result.stopped, result.fatal) == ([1], {})
    assert shown(result, 2) == "1\n"


def test_several_submissions_run_at_once(server):
    from concurrent.futures import ThreadPoolExecutor

    def one(number: int) -> str:
        return shown(run(server, f"x = {number}", "import time; time.sleep(0.2)", "print(x)"), 2)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(8))) == [f"{number}\n" for number in range(8)]
