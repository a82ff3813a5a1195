"""Fans submissions out over workers, each with a warm server, and survives their deaths."""

import json
import multiprocessing
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.engine import bubblewrap
from autograder.grading.engine.client import Isolation
from autograder.grading.grade import Named, RunMany
from autograder.grading.warm import Engine, Ran

TRIES = 3  # deaths of workers in a row, with nothing done between them


@dataclass(frozen=True)
class Job:
    """One notebook to run, as text: nothing but text travels between processes."""

    lesson: str
    seed: int
    isolation: Isolation
    notebook: str


class WorkersLost(RuntimeError):
    """Workers die as soon as they are started."""


_engines: dict[tuple[str, int, Isolation], Engine] = {}


def work(job: Job) -> str:
    """Run one job in this process; the engine stays warm for the next."""
    key = (job.lesson, job.seed, job.isolation)
    if key not in _engines:
        for engine in _engines.values():
            engine.close()
        _engines.clear()
        _engines[key] = Engine(*key)
    ran = _engines[key].run(nbformat.reads(job.notebook, as_version=4))
    return json.dumps({"notebook": nbformat.writes(ran.notebook), "flags": ran.flags})


def local_workers(workers: int = 0) -> ProcessPoolExecutor:
    """Return processes of this machine, as many as it has cores unless told otherwise.

    They are started afresh, not forked, so that no worker holds another's sockets.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=context)


def cluster_workers(address: str) -> Executor:
    """Return the workers of a running Dask cluster."""
    from distributed import Client

    executor: Executor = Client(address).get_executor(retries=TRIES)
    return executor


Workers = Callable[[], AbstractContextManager[Executor]]


def engine_for(root: Path, lesson: str, workers: int, scheduler: str, isolate: bool) -> RunMany:
    """Return a way to run a class's notebooks, as `gradus grade` was asked to.

    Raises NoIsolation where submissions cannot be isolated as asked, before anything is run.
    """
    if isolate and not scheduler:
        bubblewrap.find()
    isolation: Isolation = "full" if isolate else "none"
    pool = partial(cluster_workers, scheduler) if scheduler else partial(local_workers, workers)
    return in_the_engine(lesson, class_seed(root, lesson), isolation, pool)


def class_seed(root: Path, lesson: str) -> int:
    """Return what decides the hidden cases of a class: drawn once, so that all get the same."""
    path = root / "build" / "grading" / lesson / "seed"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(secrets.randbits(48)), encoding="utf-8")
    return int(path.read_text(encoding="utf-8"))


def in_the_engine(lesson: str, seed: int, isolation: Isolation, workers: Workers) -> RunMany:
    """Return a way to run a class's notebooks: in warm, sandboxed servers, on all workers."""

    def run_many(notebooks: Named) -> Iterator[tuple[str, NotebookNode, list[str]]]:
        jobs = (
            (learner, Job(lesson, seed, isolation, nbformat.writes(notebook)))
            for learner, notebook in notebooks
        )
        for learner, ran in run_all(jobs, workers):
            yield learner, ran.notebook, ran.flags

    return run_many


def run_all(jobs: Iterator[tuple[str, Job]], workers: Workers) -> Iterator[tuple[str, Ran]]:
    """Run all jobs, the first while the last are still being made; yield each as it is done.

    No submission runs in a worker itself, so a worker that dies was killed from outside: its jobs
    go to new workers. Raises WorkersLost when workers die `TRIES` times with no job done between.
    """
    waiting: dict[str, Job] = {}
    deaths, more = 0, True
    while more or waiting:
        more = False
        with workers() as executor:
            futures = {}
            try:
                futures = {executor.submit(work, job): key for key, job in waiting.items()}
                for key, job in jobs:  # none are left in a second round
                    waiting[key] = job
                    futures[executor.submit(work, job)] = key
                for future in as_completed(futures):
                    done = json.loads(future.result())
                    del waiting[futures[future]]
                    deaths = 0
                    notebook = nbformat.reads(done["notebook"], as_version=4)
                    yield futures[future], Ran(notebook, done["flags"])
            except BrokenProcessPool as error:
                more = True
                deaths += 1
                if deaths >= TRIES:
                    raise WorkersLost(
                        f"Workers died {TRIES} times in a row; {len(waiting)} submissions are "
                        "left. What was graded is saved. Find out what kills them; grade again."
                    ) from error
