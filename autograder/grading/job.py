"""One submission as a job for a worker: text goes in, text comes out, and the engine stays warm."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from autograder.grading.beside import Beside
from autograder.grading.engine.client import Isolation, Lent
from autograder.grading.engine.process import ServerError
from autograder.grading.ran import Ran
from autograder.grading.warm import Engine

TRIES = 3  # of a job whose server is killed


@dataclass(frozen=True)
class Job:
    """One notebook to run, as text, and the files beside it: nothing else travels to workers."""

    lesson: str
    seed: int
    isolation: Isolation
    notebook: str
    files: Beside = field(default_factory=Beside)


Key = tuple[str, int, Isolation]
_engines: dict[Key, Engine] = {}
_users: Counter[Key] = Counter()
_lock = threading.Lock()
_lent: Lent | None = None


def borrow(lent: Lent) -> None:
    """Use a warm server of the process that has started this one, as long as it lives."""
    global _lent
    _lent = lent


@contextmanager
def warm_engine(key: Key) -> Iterator[Engine]:
    """Yield this process's engine for a class; it stays warm until another class needs the room.

    Threads of a Dask worker share it; one that is in use is not closed.
    """
    with _lock:
        if key not in _engines:
            for other in [other for other in _engines if not _users[other]]:
                _engines.pop(other).close()
            _engines[key] = Engine(*key, lent=_lent)
        _users[key] += 1
        engine = _engines[key]
    try:
        yield engine
    finally:
        with _lock:
            _users[key] -= 1


def run_warm(key: Key, notebook: NotebookNode, files: Beside | None = None) -> Ran:
    """Run a notebook in this process's engine. A server that was killed is started again."""
    with warm_engine(key) as engine:
        for _ in range(TRIES - 1):
            with suppress(ServerError):
                return engine.run(notebook, files)
        return engine.run(notebook, files)


def work(job: Job) -> str:
    """Run one job in this process."""
    ran = run_warm((job.lesson, job.seed, job.isolation), notebook_of(job.notebook), job.files)
    return json.dumps({"notebook": ran.notebook, "flags": ran.flags})


def text_of(notebook: NotebookNode) -> str:
    """Write a notebook for the other side only: nbformat's own way takes ten times as long."""
    return json.dumps(notebook)


def notebook_of(text: str) -> NotebookNode:
    """Read what `text_of` has written."""
    return nbformat.from_dict(json.loads(text))
