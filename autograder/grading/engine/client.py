"""The client: starts a warm server, has processes forked from it, and ends it."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from autograder.grading.engine import bubblewrap, jail, own_code
from autograder.grading.engine.limits import Limits
from autograder.grading.engine.process import Process, ServerError

Isolation = Literal["full", "none"]
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
SCRATCH = "gradus-server-"  # begins the names of folders; the process that made one comes next
STARTING = 120.0  # seconds that a server may take to warm up


@dataclass
class Lent:
    """A warm server that another process has started and will end: enough of it to fork from.

    It travels to processes that multiprocessing starts. What is sent to it before it is warm waits.
    """

    isolation: Isolation
    requests: socket.socket
    scratch: Path
    masked: list[Path]

    def alive(self) -> bool:
        """Whether it still serves."""
        return not _hung_up(self.requests)

    def fork(self, limits: Limits) -> Process:
        """Return a new process for a submission."""
        if self.isolation == "full":
            return Process(self.requests, None, limits)
        return Process(self.requests, Path(tempfile.mkdtemp(dir=self.scratch)), limits)

    def close(self) -> None:
        """Let go of it."""
        self.requests.close()


def _sweep() -> None:
    """Remove the folders of servers whose starters were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        owner = folder.name.removeprefix(SCRATCH).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _hung_up(requests: socket.socket) -> bool:
    poll = select.poll()
    poll.register(requests, 0)  # a hang-up is told unasked
    return bool(poll.poll(0))


class Server:
    """A warm server process: start it, fork from it, end it."""

    def __init__(self, isolation: Isolation, masked: Iterable[Path]) -> None:
        """Start it; it warms up from then on. Raises NoIsolation or ServerError."""
        self.isolation = isolation
        self.masked = [Path(path) for path in masked]
        self.lent: Lent | None = None
        self.failed: Exception | None = None
        self.ready: dict[str, Any] = {}
        _sweep()
        self.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
        try:
            self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._start(theirs.fileno())
        except BaseException:
            self.close()
            raise

    def wait(self) -> Self:
        """Wait until it is warm; raises NoIsolation or ServerError."""
        try:
            self.ready = self._wait()
            if self.isolation == "full":
                # The server holds its files open: gone now, they cannot be left behind later.
                shutil.rmtree(self.scratch)
        except BaseException:
            self.close()
            raise
        return self

    def lend(self) -> Lent:
        """Return what other processes need to fork from it, as soon as it is warm."""
        if self.lent is None:
            self.lent = self._lent()
            threading.Thread(target=self._wait_quietly, daemon=True, name="waits for it").start()
        return self.lent

    def _lent(self) -> Lent:
        return Lent(self.isolation, self.requests, self.scratch, self.masked)

    def _wait_quietly(self) -> None:
        # A borrower finds out by itself when the server has failed, and starts its own.
        try:
            self.wait()
        except (bubblewrap.NoIsolation, ServerError, OSError, ValueError) as error:
            self.failed = error

    def _start(self, descriptor: int) -> None:
        module = "autograder.grading.engine"
        jailed = "jail" if self.isolation == "full" else "none"
        inside = [sys.executable, "-P", "-m", module, str(descriptor), jailed]
        if self.isolation == "full":
            inside = bubblewrap.command(self.masked, self.scratch, inside)
        self.log = (self.scratch / "log").open("w+b")
        started = threading.Event()

        def keep() -> None:
            # bubblewrap ends with the thread that started it, so that thread has to stay.
            self.process = subprocess.Popen(
                inside,
                env=self._environment(),
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
            started.set()
            self.process.wait()

        self.keeper = threading.Thread(target=keep, daemon=True, name="keeper of a warm server")
        self.keeper.start()
        if not started.wait(STARTING):
            raise ServerError("the warm server could not be started")

    def _environment(self) -> dict[str, str]:
        """The server's environment: nothing of ours gets in that a submission should not read."""
        jailed = self.isolation == "full"
        home = jail.HOME if jailed else str(self.scratch)
        places = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
        return {
            "PATH": ":".join(places),
            "PYTHONPATH": ":".join(own_code.search_path()),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": home,
            "USER": "learner",
            "LOGNAME": "learner",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-color",
            "CLICOLOR": "1",
            "FORCE_COLOR": "1",
            "CLICOLOR_FORCE": "1",
            "PAGER": "cat",
            "GIT_PAGER": "cat",
            "IPYTHONDIR": ("/tmp" if jailed else home) + "/ipython",
            "MPLCONFIGDIR": ("/tmp" if jailed else home) + "/matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
            "CUDA_VISIBLE_DEVICES": "",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **dict.fromkeys(THREADS, "1"),
        }

    def _wait(self) -> dict[str, Any]:
        readable, _, _ = select.select([self.requests], [], [], STARTING)
        answer = json.loads(self.requests.recv(1 << 16) or b"{}") if readable else {}
        if "ready" not in answer:
            said = answer.get("failed") or self.said() or "it gave no reason"
            if self.isolation == "full":
                raise bubblewrap.NoIsolation(f"the sandboxed server did not start: {said}", "")
            raise ServerError(f"the warm server did not start: {said}")
        return answer

    def said(self) -> str:
        """What the server wrote on its way, for error messages."""
        with contextlib.suppress(OSError, ValueError):
            self.log.seek(0)
            return self.log.read().decode("utf-8", "replace")[-4000:]
        return ""

    def alive(self) -> bool:
        """Whether it still serves."""
        return self.process.poll() is None

    def fork(self, limits: Limits) -> Process:
        """Return a new process for a submission."""
        return self._lent().fork(limits)

    def close(self) -> None:
        """End it, and all that it has forked."""
        with contextlib.suppress(AttributeError):
            self.requests.close()
        with contextlib.suppress(AttributeError):
            try:
                # One that is still warming up does not notice that nobody wants it any more.
                self.process.wait(2 if self.ready else 0)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.log.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
