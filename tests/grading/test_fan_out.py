"""A class over several workers: workers die, and nothing is lost."""

import multiprocessing
import os
import signal
import sys
import threading
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.early import warming_up
from autograder.grading.engine.process import ServerError
from autograder.grading.job import Job, text_of
from autograder.grading.running import WorkersLost, run_all
from autograder.grading.workers import local_workers

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    pytest.mark.slow,
]


def jobs(count, source="6 * 7"):
    text = text_of(new_notebook(cells=[new_code_cell(source)]))
    return ((f"learner{i}", Job("04_attention", 1, "full", text)) for i in range(count))


def workers_of_this_process():
    return multiprocessing.active_children()


def test_all_jobs_are_done_though_a_worker_is_killed(tmp_path):
    def kill_one() -> None:
        for _ in range(600):
            if found := workers_of_this_process():
                os.kill(found[0].pid, signal.SIGKILL)
                return
            time.sleep(0.1)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with warming_up(tmp_path, "04_attention", "full") as server:
        done = dict(run_all(jobs(6), lambda: local_workers(server, 2)))
    killer.join()

    assert sorted(done) == [f"learner{i}" for i in range(6)]
    assert all(ran.notebook.cells[0].outputs[0].data["text/plain"] == "42" for ran in done.values())
    assert not workers_of_this_process()


def test_why_a_server_did_not_start_is_told():
    class Closed:
        def __reduce__(self):
            raise OSError(9, "Bad file descriptor")

    class Failed:
        failed = ServerError("the warm server did not start: no room")
        lend = Closed

    with (
        pytest.raises(ServerError, match="did not start: no room"),
        local_workers(Failed(), 1) as executor,
    ):
        executor.submit(print)
    assert not workers_of_this_process()


def test_workers_that_always_die_are_given_up_with_a_message():
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    class Dying(ThreadPoolExecutor):
        def submit(self, *_, **__):
            raise BrokenProcessPool("killed")

    with pytest.raises(WorkersLost, match="3 times in a row"):
        list(run_all(jobs(1), Dying))
