"""Fans submissions out over workers: processes of this machine, or a running Dask cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from autograder.grading.beside import Beside, beside
from autograder.grading.engine.client import Isolation, Server
from autograder.grading.grade import Named, RunMany
from autograder.grading.job import Job, text_of
from autograder.grading.running import Crashed, Workers, run_all
from autograder.grading.seed import class_seed
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


def on_this_machine(root: Path, lesson: str, server: Server, workers: int = 0) -> RunMany:
    """Return a way to run a class's notebooks: on workers of this machine that share a server."""
    pool = partial(local_workers, server, workers)
    seed, files = class_seed(root, lesson), partial(_beside, root, lesson)
    return in_the_engine(lesson, seed, server.isolation, pool, files)


def on_a_cluster(root: Path, lesson: str, address: str, isolation: Isolation) -> RunMany:
    """Return a way to run a class's notebooks: on the workers of a running Dask cluster."""
    pool = partial(cluster_workers, address)
    seed, files = class_seed(root, lesson), partial(_beside, root, lesson)
    return in_the_engine(lesson, seed, isolation, pool, files)


def _beside(root: Path, lesson: str, learner: str) -> Beside:
    return beside(root, lesson, root / "build" / "submitted" / learner / lesson)


def in_the_engine(
    lesson: str,
    seed: int,
    isolation: Isolation,
    workers: Workers,
    files: Callable[[str], Beside] = lambda learner: Beside(),
) -> RunMany:
    """Return a way to run a class's notebooks: in warm, sandboxed servers, on all workers.

    `files` tells what lies beside a learner's notebook.
    """

    def run_many(notebooks: Named) -> Iterator[tuple[str, NotebookNode | None, list[str]]]:
        jobs = (
            (learner, Job(lesson, seed, isolation, text_of(notebook), files(learner)))
            for learner, notebook in notebooks
        )
        for learner, ran in run_all(jobs, workers):
            if isinstance(ran, Crashed):
                yield learner, None, [ran.why]
            else:
                yield learner, ran.notebook, ran.flags

    return run_many
