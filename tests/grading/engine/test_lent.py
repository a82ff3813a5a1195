"""One warm server, forked from by several processes."""

import multiprocessing
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine.client import Lent, Server
from autograder.grading.engine.process import ServerError
from autograder.grading.engine.warm_server import WarmServer

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    pytest.mark.sandbox,
    pytest.mark.slow,
]


def run(server, source="6 * 7"):
    result = server.run(new_notebook(cells=[new_code_cell(source)]), lambda question: b"")
    return result.notebook.cells[0].outputs[0].data["text/plain"]


def in_another_process(lent: Lent, results: "multiprocessing.Queue[str]") -> None:
    results.put(run(WarmServer(lent=lent)))


def test_another_process_forks_from_a_server_that_may_still_be_warming_up():
    server = Server("full", [])
    try:
        context = multiprocessing.get_context("spawn")
        results = context.Queue()
        process = context.Process(target=in_another_process, args=(server.lend(), results))
        process.start()
        assert results.get(timeout=100) == "42"
        process.join()
        assert run(WarmServer(lent=server.lend())) == "42"
    finally:
        server.close()


def test_a_borrower_whose_server_has_ended_starts_its_own():
    server = Server("full", []).wait()
    lent = Lent(server.isolation, server.requests.dup(), server.scratch, server.masked)
    assert lent.alive()
    server.close()
    for _ in range(100):  # its processes end a moment later
        if lent.alive():
            time.sleep(0.1)

    assert not lent.alive()
    with WarmServer(lent=lent) as own:
        assert run(own) == "42"
        assert own.server is not lent
    lent.close()


def test_a_server_that_is_killed_is_not_the_submissions_fault():
    with WarmServer() as server:

        def kill(question: bytes) -> bytes:
            server.server.process.kill()
            return b""

        cell = new_code_cell(
            "import time\nfrom autograder import wire\nwire.connect().request(b'x'); time.sleep(9)"
        )
        with pytest.raises(ServerError):
            server.run(new_notebook(cells=[cell]), kill)
        assert run(server) == "42"
