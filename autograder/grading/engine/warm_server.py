"""The engine's front door: a warm server that runs notebooks."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Self

from nbformat import NotebookNode

from autograder.grading.engine import salvage
from autograder.grading.engine.client import Isolation, Lent, Server
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.process import Examiner
from autograder.grading.engine.salvage import RunResult


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
        self.server: Server | Lent = lent or Server(isolation, self.mask_paths).wait()

    def run(
        self, notebook: NotebookNode, examiner: Examiner, limits: Limits | None = None
    ) -> RunResult:
        """Run a copy of the notebook; its checks ask the examiner, in this process."""
        limits = limits or self.limits
        if not self.server.alive():
            self.server.close()
            self.server = Server(self.isolation, self.mask_paths).wait()
        return salvage.run(
            deepcopy(notebook), lambda: self.server.fork(limits), examiner, limits, self.isolation
        )

    def close(self) -> None:
        """End the server."""
        self.server.close()

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()
