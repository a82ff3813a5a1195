"""One submission as a job for a worker: text goes in, text comes out, and the engine stays warm."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.grading.engine.client import Isolation, Lent
from autograder.grading.engine.process import ServerError
from autograder.grading.warm import Engine

TRIES = 3  # of a job whose server is killed


@dataclass(frozen=True)
class Job:
    """One notebook to run, as text: nothing but text travels between processes."""

    lesson: str
    seed: int
    isolation: Isolation
    notebook: str


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


def work(job: Job) -> str:
    """Run one job in this process. A server that was killed is started again, and so is the job."""
    notebook = notebook_of(job.notebook)
    with warm_engine((job.lesson, job.seed, job.isolation)) as engine:
        for attempt in range(1, TRIES + 1):
            try:
                ran = engine.run(notebook)
                break
            except ServerError:
                if attempt == TRIES:
                    raise
    return json.dumps({"notebook": ran.notebook, "flags": ran.flags})


def text_of(notebook: NotebookNode) -> str:
    """Write a notebook for the other side only: nbformat's own way takes ten times as long."""
    return json.dumps(notebook)


def notebook_of(text: str) -> NotebookNode:
    """Read what `text_of` has written."""
    return nbformat.from_dict(json.loads(text))
