"""What takes longest to start, started before anything else is imported."""

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

from autograder.exercises import LESSONS
from autograder.grading.engine.client import Isolation, Server
from autograder.grading.layers import built_layers

LONGEST = 64  # characters: a socket's path has 107 at most, and multiprocessing adds 35


@contextmanager
def warming_up(lesson: str, isolation: Isolation) -> Iterator[Server]:
    """Yield a warm server for `local_workers`; it warms up, and so does what workers start from.

    Raises NoIsolation where submissions cannot be isolated as asked.
    """
    server = Server(isolation, built_layers(lesson))
    try:
        if worker_context(lesson).get_start_method() == "forkserver":
            forkserver.ensure_running()
        yield server
    finally:
        server.close()


def worker_context(lesson: str) -> BaseContext:
    """How to start workers: not forked from here, so that none holds another's sockets.

    Where the system can, they are forked from a process that has imported the examiner once. That
    one listens at a socket in the folder for temporary files, whose path must not be too long.
    """
    possible = "forkserver" in multiprocessing.get_all_start_methods()
    if not possible or len(tempfile.gettempdir()) > LONGEST:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    bank = [f"autograder.exercises.{LESSONS[lesson]}"] if lesson in LESSONS else []
    context.set_forkserver_preload(["autograder.grading.job", "autograder.office", *bank])
    return context
