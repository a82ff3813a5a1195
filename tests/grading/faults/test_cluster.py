"""A class on a Dask cluster whose workers are killed."""

import subprocess
import sys
import threading
import time

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading import fan_out
from autograder.grading.fan_out import cluster_workers
from autograder.grading.job import Job, text_of
from autograder.grading.running import run_all
from autograder.grading.stopped import GradingStopped

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can isolate"),
    pytest.mark.filterwarnings("ignore"),  # of Dask's sockets, when a worker is killed
]


def jobs(*sources):
    for number, source in enumerate(sources):
        text = text_of(new_notebook(cells=[new_code_cell(source)]))
        yield f"learner{number}", Job("04_attention", 1, "full", text)


class Cluster:
    """A scheduler and workers in processes of their own, on loopback."""

    def __init__(self):
        self.processes = []
        self.scheduler = self.run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        for line in self.scheduler.stderr:
            if "Scheduler at:" in line:
                self.address = line.split()[-1]
                break

    def run(self, *words):
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def worker(self):
        return self.run("worker", self.address, "--no-nanny", "--nthreads", "1")

    def close(self):
        for process in self.processes:
            process.kill()
            process.communicate()


@pytest.fixture
def cluster():
    made = Cluster()
    yield made
    made.close()


def test_a_killed_worker_costs_nothing_and_each_is_graded_once(cluster):
    first, _ = cluster.worker(), cluster.worker()
    done = []

    for name, ran in run_all(
        jobs(*["import time\ntime.sleep(0.5)\n6 * 7"] * 10),
        lambda: cluster_workers(cluster.address),
    ):
        done.append((name, ran.notebook.cells[0].outputs[0].data["text/plain"]))
        if len(done) == 1:
            first.kill()

    assert sorted(done) == [(f"learner{i}", "42") for i in range(10)]


def test_a_cluster_without_workers_and_an_address_without_a_cluster_are_told(cluster):
    with pytest.raises(GradingStopped, match="has no workers. Start some with"):
        list(run_all(jobs("1"), lambda: cluster_workers(cluster.address, patience=1)))
    with pytest.raises(GradingStopped, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        list(run_all(jobs("1"), lambda: cluster_workers("tcp://127.0.0.1:9", patience=1)))


def test_a_cluster_that_loses_all_its_workers_is_told(cluster):
    worker = cluster.worker()

    def killing():
        for number, job in enumerate(jobs(*["import time\ntime.sleep(30)"] * 2)):
            yield job
            if number == 1:
                return

    threading.Timer(8, worker.kill).start()
    began = time.monotonic()
    with pytest.raises(GradingStopped, match="has no workers any more"):
        list(run_all(killing(), lambda: cluster_workers(cluster.address, patience=6)))
    assert time.monotonic() - began < 60
    assert psutil.pid_exists(cluster.scheduler.pid)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "autograder.grading.cluster", raising=False)

    with pytest.raises(GradingStopped, match=r"pip install gradus-llm\[cluster\]"):
        fan_out.cluster_workers("tcp://127.0.0.1:9")
