"""The workers of a running Dask cluster.

https://distributed.dask.org/en/stable/resilience.html
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager

from distributed import Client

from autograder.grading.stopped import SAVED, GradingStopped

RETRIES = 3  # of a job that failed on a worker; Dask itself tries again where a worker died
LOOK = 2.0  # seconds between two looks at the cluster


@contextmanager
def cluster(address: str, patience: float) -> Iterator[Executor]:
    """Yield the workers of the cluster whose scheduler has this address.

    Raises GradingStopped when nobody answers there, when there has been no worker for `patience`
    seconds, and when the scheduler is lost on the way.
    """
    client = _connected(address, patience)
    try:
        executor = client.get_executor(retries=RETRIES, pure=False)
        gone = threading.Event()
        watcher = _Watcher(client, executor, patience, gone)
        watcher.start()
        try:
            yield executor
        except CancelledError as error:
            why = "has no workers any more" if gone.is_set() else "is lost: its scheduler has ended"
            raise GradingStopped(f"the Dask cluster at {address} {why}. {SAVED}") from error
        finally:
            watcher.stop.set()
            watcher.join(LOOK)
    finally:
        client.close()


def _connected(address: str, patience: float) -> Client:
    try:
        client = Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise GradingStopped(
            f"no Dask scheduler answers at {address} ({error}). "
            "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
        ) from error
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        client.close()
        raise GradingStopped(
            f"the Dask cluster at {address} has no workers. "
            f"Start some with `dask worker {address}`."
        ) from error
    return client


class _Watcher(threading.Thread):
    """Gives up what is waiting when the cluster has been without workers for too long."""

    def __init__(
        self, client: Client, executor: Executor, patience: float, gone: threading.Event
    ) -> None:
        super().__init__(daemon=True, name="watches the cluster")
        self.client, self.executor = client, executor
        self.patience, self.gone = patience, gone
        self.stop = threading.Event()

    def run(self) -> None:
        seen = time.monotonic()
        while not self.stop.wait(LOOK):
            try:
                there = self.client.nthreads()
            except Exception:
                return  # the scheduler is lost: the client itself cancels what is waiting
            if there:
                seen = time.monotonic()
            elif time.monotonic() - seen > self.patience:
                self.gone.set()
                self.executor.shutdown(wait=False)  # cancels what is waiting
                return
