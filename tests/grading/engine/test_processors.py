"""A worker and its submissions share one processor; workers are spread over all."""

import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.engine import processors
from autograder.grading.engine.client import Server
from autograder.grading.workers import local_workers

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="the system does not tell of its processors"
)


@pytest.fixture
def on_one():
    """This process on the last of its processors."""
    before = processors.of_this_process()
    processors.stay_on(before[-1:])
    yield before[-1:]
    processors.stay_on(before)


def where(folder: Path) -> list[int]:
    """Where this worker runs; it waits for another one, which must not be the same."""
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + 100
    while len(list(folder.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    return processors.of_this_process()


def test_workers_are_spread_evenly():
    mine = processors.of_this_process()

    places = processors.shared_out(2 * len(mine) + 1)

    counts = Counter(processor for [processor] in places)
    assert set(counts) == set(mine)
    assert max(counts.values()) - min(counts.values()) == 1


def test_where_the_system_tells_nothing_nothing_changes(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")

    assert processors.of_this_process() == []
    assert processors.shared_out(2) == [[], []]
    processors.stay_on([])


def test_a_submission_runs_where_its_client_does(server, on_one):
    notebook = new_notebook(cells=[new_code_cell("import os\nsorted(os.sched_getaffinity(0))")])

    [cell] = server.run(notebook, lambda question: b"").notebook.cells

    assert cell.outputs[0].data["text/plain"] == str(on_one)


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate")
def test_each_worker_has_its_own(tmp_path):
    server = Server("full", [])
    try:
        with local_workers(server, 2) as executor:
            [first], [second] = executor.map(where, (tmp_path, tmp_path))
    finally:
        server.close()

    assert first in processors.of_this_process()
    assert (first != second) == (len(processors.of_this_process()) > 1)
