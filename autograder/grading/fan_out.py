"""Fans submissions out over workers: processes of this machine, or a running Dask cluster."""

import secrets
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from autograder.grading.engine import bubblewrap
from autograder.grading.engine.client import Isolation
from autograder.grading.grade import Named, RunMany
from autograder.grading.job import Job, text_of
from autograder.grading.running import Crashed, Workers, run_all
from autograder.grading.stopped import GradingStopped
from autograder.grading.workers import local_workers

PATIENCE = 60.0  # seconds that a cluster may be without workers


def cluster_workers(address: str, patience: float = PATIENCE) -> AbstractContextManager[Executor]:
    """Return the workers of a running Dask cluster; raises GradingStopped without the package."""
    try:
        from autograder.grading.cluster import cluster
    except ModuleNotFoundError as error:
        raise GradingStopped(
            "a Dask cluster needs the Python package distributed: "
            "`pip install gradus-llm[cluster]`, here and on the workers."
        ) from error
    return cluster(address, patience)


def engine_for(root: Path, lesson: str, workers: int, scheduler: str, isolate: bool) -> RunMany:
    """Return a way to run a class's notebooks, as `gradus grade` was asked to.

    Raises NoIsolation where submissions cannot be isolated as asked, before anything is run.
    """
    if isolate and not scheduler:
        bubblewrap.find()
    isolation: Isolation = "full" if isolate else "none"
    pool: Workers = partial(local_workers, lesson, isolation, workers)
    if scheduler:
        pool = partial(cluster_workers, scheduler)
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

    def run_many(notebooks: Named) -> Iterator[tuple[str, NotebookNode | None, list[str]]]:
        jobs = (
            (learner, Job(lesson, seed, isolation, text_of(notebook)))
            for learner, notebook in notebooks
        )
        for learner, ran in run_all(jobs, workers):
            if isinstance(ran, Crashed):
                yield learner, None, [ran.why]
            else:
                yield learner, ran.notebook, ran.flags

    return run_many
