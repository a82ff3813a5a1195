"""The workers of this machine: processes that end with the command, however it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.queues import SimpleQueue

from autograder.grading import job
from autograder.grading.early import worker_context
from autograder.grading.engine import processors
from autograder.grading.engine.client import Lent, Server


@contextmanager
def local_workers(server: Server, workers: int = 0) -> Iterator[Executor]:
    """Yield processes of this machine, as many as it has cores unless told otherwise.

    They share one warm server, which warms up while they are started. When the block is left by an
    error they are ended at once, whatever they are doing.
    """
    others = set(multiprocessing.active_children())
    context = worker_context()
    workers = workers or len(processors.of_this_process()) or os.cpu_count() or 1
    places = context.SimpleQueue()
    for place in processors.shared_out(workers):
        places.put(place)
    executor = ProcessPoolExecutor(workers, context, begin, (server.lend(), places))
    try:
        yield executor
    except BaseException as error:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        if server.failed:
            raise server.failed from error
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def begin(lent: Lent, places: "SimpleQueue[list[int]]") -> None:
    """Make this process a worker on one of these processors, which ends when its command is gone.

    A pool's processes would wait for work for ever. Interrupts from the keyboard are the command's
    to handle.
    """
    import torch

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)  # the cores are busy with other workers
    processors.stay_on(places.get())
    job.borrow(lent)
    command = multiprocessing.parent_process()
    assert command is not None

    def watch() -> None:
        wait([command.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watches the command").start()
