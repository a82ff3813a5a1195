"""What takes longest to start, started before anything else is imported."""

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path

from autograder.grading.engine.client import Isolation, Server
from autograder.grading.layers import built_layers
from autograder.grading.seed import class_seed

LONGEST = 64  # characters: a socket's path has 107 at most, and multiprocessing adds 35
CLASS = "GRADUS_CLASS"  # tells the process that workers are forked from: a lesson and its seed


@contextmanager
def warming_up(root: Path, lesson: str, isolation: Isolation) -> Iterator[Server]:
    """Yield a warm server for `local_workers`; it warms up, and so does what workers start from.

    Raises NoIsolation where submissions cannot be isolated as asked.
    """
    if worker_context().get_start_method() == "forkserver":
        os.environ[CLASS] = f"{lesson} {class_seed(root, lesson)}"
        forkserver.ensure_running()
        del os.environ[CLASS]
    server = Server(isolation, built_layers(lesson))
    try:
        yield server
    finally:
        server.close()


def worker_context() -> BaseContext:
    """How to start workers: not forked from here, so that none holds another's sockets.

    Where the system can, they are forked from a process that has imported the examiner once. That
    one listens at a socket in the folder for temporary files, whose path must not be too long.
    """
    possible = "forkserver" in multiprocessing.get_all_start_methods()
    if not possible or len(tempfile.gettempdir()) > LONGEST:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading.preload"])
    return context
