"""The engine's front door: a warm server that runs notebooks."""

import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Self

from nbformat import NotebookNode

from autograder.grading.engine import salvage
from autograder.grading.engine.client import Isolation, Lent, Server
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.process import Examiner, Process
from autograder.grading.engine.salvage import RunResult

Files = Callable[[], Iterable[tuple[str, bytes]]]


class WarmServer:
    """Runs submissions, each in a process forked from one that has imported everything.

    `isolation` is "full" (bubblewrap and namespaces; raises NoIsolation where the machine cannot)
    or "none". `mask_paths` are the files of layers that submissions must not see. With `lent`, it
    is a server that another process has started. `run` may be called from several threads. A server
    that has died is started again.
    """

    def __init__(
        self,
        isolation: Isolation = "full",
        mask_paths: Iterable[Path] = (),
        limits: Limits | None = None,
        lent: Lent | None = None,
    ) -> None:
        """Start the server, unless one is lent."""
        self.isolation: Isolation = isolation
        self.mask_paths = list(mask_paths)
        self.limits = limits or Limits()
        self.starting = threading.Lock()
        self.server: Server | Lent = lent or Server(isolation, self.mask_paths).wait()

    def run(
        self,
        notebook: NotebookNode,
        examiner: Examiner,
        limits: Limits | None = None,
        files: Files = tuple,
    ) -> RunResult:
        """Run a copy of the notebook; its checks ask the examiner, in this process.

        `files` yields the name and the content of what lies beside it, as often as it is asked.
        """
        limits = limits or self.limits
        with self.starting:  # one thread's new server must not be closed by another's
            if not self.server.alive():
                self.server.close()
                self.server = Server(self.isolation, self.mask_paths).wait()
            server = self.server

        def fork() -> Process:
            process = server.fork(limits)
            try:
                process.put(files())
            except BaseException:
                process.close()
                raise
            return process

        return salvage.run(_copy(notebook), fork, examiner, limits, self.isolation)

    def close(self) -> None:
        """End the server."""
        self.server.close()

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()


def _copy(notebook: NotebookNode) -> NotebookNode:
    """Copy what a run changes: cells get other outputs, the notebook the state of its widgets."""
    copy = NotebookNode(notebook, metadata=deepcopy(notebook.metadata))
    copy.cells = [NotebookNode(cell) for cell in notebook.cells]
    return copy
