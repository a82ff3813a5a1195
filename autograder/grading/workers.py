"""The workers of this machine: processes that end with the command, however it ends."""

import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext

from autograder.exercises import LESSONS
from autograder.grading import job
from autograder.grading.engine.client import Isolation, Lent, Server
from autograder.grading.layers import built_layers

LONGEST = 64  # characters: a socket's path has 107 at most, and multiprocessing adds 35


@contextmanager
def local_workers(lesson: str, isolation: Isolation, workers: int = 0) -> Iterator[Executor]:
    """Yield processes of this machine, as many as it has cores unless told otherwise.

    They share one warm server, which warms up while they are started. When the block is left by an
    error they are ended at once, whatever they are doing.
    """
    others = set(multiprocessing.active_children())
    server = Server(isolation, built_layers(lesson))
    executor = ProcessPoolExecutor(
        workers or os.cpu_count() or 1, _context(lesson), begin, (server.lend(),)
    )
    try:
        yield executor
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        server.close()


def _context(lesson: str) -> BaseContext:
    """How to start processes: not forked from this one, so that no worker holds another's sockets.

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


def begin(lent: Lent) -> None:
    """Make this process a worker, which ends when its command is gone.

    A pool's processes would wait for work for ever. Interrupts from the keyboard are the command's
    to handle.
    """
    import torch

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)  # the cores are busy with other workers
    job.borrow(lent)
    command = multiprocessing.parent_process()
    assert command is not None

    def watch() -> None:
        wait([command.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watches the command").start()
