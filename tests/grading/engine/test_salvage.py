"""What is saved of a notebook when one of its cells ends the process."""

import threading
import time
from copy import deepcopy
from dataclasses import replace

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.limits import Limits
from autograder.grading.engine.outputs import Outputs
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


def test_the_notebook_that_was_given_stays_as_it_was(server):
    widget = "import ipywidgets\nipywidgets.IntSlider()"
    cells = [new_code_cell(source, execution_count=9) for source in ("1 + 1", widget)]
    notebook = new_notebook(cells=cells, metadata={"widgets": {"before": 1}})
    before = deepcopy(notebook)

    result = server.run(notebook, bytes.upper)

    assert result.notebook.cells[0].outputs[0].data["text/plain"] == "2"
    assert "application/vnd.jupyter.widget-state+json" in result.notebook.metadata.widgets
    assert notebook == before


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


STOPPED = {
    "an interrupt is swallowed": (
        "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: pass\ntime.sleep(60)"
    ),
    "a loop blocks the event loop": "import asyncio\nawait asyncio.sleep(0)\nwhile True: pass",
    "cancelling is swallowed once": (
        "import asyncio\ntry: await asyncio.sleep(60)\nexcept asyncio.CancelledError: pass\n"
        "await asyncio.sleep(60)"
    ),
    "showing the error takes longer than the grace": (
        "import time\nclass Slow(Exception):\n    def __str__(self): time.sleep(1); return 'slow'\n"
        "try: time.sleep(60)\nexcept KeyboardInterrupt: raise Slow() from None"
    ),
}


@pytest.mark.parametrize("source", STOPPED.values(), ids=STOPPED)
def test_a_cell_that_resists_a_first_interrupt_is_stopped(server, source):
    result = run(server, "x = 1", source, "print(x)", "await asyncio.sleep(0.5)", cell_seconds=2)

    assert (result.stopped, result.fatal) == ([1], {})
    assert shown(result, 2) == "1\n"
    assert "Cancelled" not in shown(result, 3)
    assert "KeyboardInterrupt" not in shown(result, 3)


def test_a_grader_that_is_late_itself_leaves_a_cell_its_grace(server, monkeypatch):
    real = Outputs.take

    def late(self, message, size):
        if "late" in message["content"].get("text", ""):
            time.sleep(4)
        real(self, message, size)

    monkeypatch.setattr(Outputs, "take", late)
    source = "import sys, time\nprint('late'); sys.stdout.flush(); time.sleep(60)"
    result = run(server, source, "print(1)", cell_seconds=2)

    assert (result.stopped, result.fatal) == ([0], {})


def test_an_interrupt_that_comes_late_does_not_hit_the_next_cell(server):
    engine = psutil.Process(server.server.process.pid).children(recursive=True)
    stop = threading.Timer(1.8, lambda: [process.suspend() for process in engine])
    go_on = threading.Timer(4.2, lambda: [process.resume() for process in engine])
    for timer in (stop, go_on):
        timer.start()

    ends_by_itself = "import time; time.sleep(2.6)"
    result = run(server, ends_by_itself, "time.sleep(1.5); print(1)", cell_seconds=2)

    assert (result.stopped, result.fatal) == ([0], {})
    assert shown(result, 1) == "1\n"


def test_several_submissions_run_at_once(server):
    from concurrent.futures import ThreadPoolExecutor

    def one(number: int) -> str:
        return shown(run(server, f"x = {number}", "import time; time.sleep(0.2)", "print(x)"), 2)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(8))) == [f"{number}\n" for number in range(8)]
