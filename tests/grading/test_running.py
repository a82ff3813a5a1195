"""Who kills workers is found, and costs nobody else anything: with pools that do nothing else."""

import json
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest
from nbformat.v4 import new_notebook

from autograder.grading.job import Job
from autograder.grading.ran import Ran
from autograder.grading.running import Crashed, WorkersLost, run_all

DONE = json.dumps({"notebook": new_notebook(), "flags": ["Done."]})


class KilledWorker(Exception):
    """What Dask says of a job whose workers died, by its name."""


class Pool(Executor):
    """Two workers; a poisoned job kills the one that it is given to, and with it the pool."""

    _max_workers = 2

    def __init__(self, tried):
        self.tried, self.broken = tried, False

    def submit(self, _, job):
        if self.broken:
            raise BrokenProcessPool("the pool is broken")
        self.tried.append(job.notebook)
        future = Future()
        if job.notebook == "poison":
            self.broken = True
            future.set_exception(BrokenProcessPool("a worker died"))
        elif job.notebook == "poison for a cluster":
            future.set_exception(KilledWorker("died on three workers"))
        else:
            future.set_result(DONE)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass


def jobs(*notebooks):
    return ((f"learner{i}", Job("04_attention", 1, "none", n)) for i, n in enumerate(notebooks))


def test_the_culprit_is_given_up_after_three_tries_and_all_others_are_done():
    tried = []

    found = dict(run_all(jobs("a", "poison", "b", "c"), lambda: Pool(tried)))

    assert isinstance(found.pop("learner1"), Crashed)
    assert found == dict.fromkeys(
        ["learner0", "learner2", "learner3"], Ran(new_notebook(), ["Done."])
    )
    assert 3 <= tried.count("poison") <= 4
    assert {tried.count(name) for name in "abc"} == {1}


def test_the_culprit_comes_last_and_its_comment_says_that_it_will_be_tried_again():
    *_, (learner, crashed) = run_all(jobs("poison", "a"), lambda: Pool([]))

    assert learner == "learner0"
    assert "each worker that ran it died" in crashed.why
    assert "grading again tries again" in crashed.why


def test_a_cluster_that_gives_a_job_up_is_believed():
    found = dict(run_all(jobs("a", "poison for a cluster", "b"), lambda: Pool([])))

    assert "each worker that ran it died" in found["learner1"].why
    assert all(isinstance(found[name], Ran) for name in ("learner0", "learner2"))


def test_where_everything_dies_nobody_gets_a_0():
    with pytest.raises(WorkersLost, match="3 times in a row"):
        list(run_all(jobs(*["poison"] * 5), lambda: Pool([])))
