"""The warm server: has everything imported, and forks one process for each submission it is given.

The client runs it inside bubblewrap: `python -m autograder.grading.engine DESCRIPTOR jail`. Each
request brings two sockets: one to talk to the submission, one to command its process.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import Any

from autograder.grading.engine import jail, memory, processors, shell, warm
from autograder.grading.engine.child import live
from autograder.grading.engine.limits import Limits

INTERVAL = 0.05  # seconds between two looks at the memory
SERVERS_OWN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "CUDA_VISIBLE_DEVICES")


class Running:
    """A submission's process, as the server sees it."""

    def __init__(self, pid: int, control: socket.socket, limits: Limits) -> None:
        """Start watching it."""
        self.pid = pid
        self.descriptor = os.pidfd_open(pid)
        self.control = control
        self.limits = limits
        self.reason = "ended"

    def obey(self) -> None:
        """Do what the client says; when the client is gone, that is to end it."""
        command = self.control.recv(16)
        if command == b"interrupt":
            signal.pidfd_send_signal(self.descriptor, signal.SIGINT)
        elif command == b"settle":  # all that was said before has been done
            with contextlib.suppress(OSError):
                self.control.send(b"settled")
        else:
            self.end("killed")

    def look(self) -> None:
        """End it if it holds too much memory."""
        if memory.used(self.pid) > self.limits.memory_bytes:
            self.end("memory")

    def end(self, reason: str) -> None:
        """Kill it. Inside its own namespaces, all that it started goes with it."""
        self.reason = reason
        for pid in (self.pid, *memory.descendants(self.pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)

    def report(self, status: int) -> None:
        """Tell the client how it ended."""
        report = {
            "reason": self.reason,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        }
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(report).encode())
        self.control.close()
        os.close(self.descriptor)


class Server:
    """Forks submissions and watches them."""

    def __init__(self, requests: socket.socket, isolated: bool) -> None:
        """Serve these requests."""
        self.requests = requests
        self.isolated = isolated
        self.running: dict[int, Running] = {}
        self.poll = select.poll()
        # A child that ends wakes the poll through this pipe.
        self.wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.poll.register(self.wake, select.POLLIN)
        self.poll.register(requests, select.POLLIN)

    def serve(self) -> None:
        """Serve until the client hangs up, then end everything."""
        while True:
            ready = {fd for fd, _ in self.poll.poll(INTERVAL * 1000 if self.running else None)}
            if self.wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wake, 512)
            for process in list(self.running.values()):
                if process.control.fileno() in ready:
                    process.obey()
            if not ready:
                for process in self.running.values():
                    process.look()
            self._collect()
            if self.requests.fileno() in ready and not self._accept():
                break
        for process in self.running.values():
            process.end("killed")

    def _collect(self) -> None:
        """Take in every process that has ended: submissions, and orphans that they left."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid in self.running:
                    process = self.running.pop(pid)
                    self.poll.unregister(process.control)
                    if not self.isolated:
                        self._end_orphans()
                    process.report(status)
                elif not pid:
                    return

    def _end_orphans(self) -> None:
        """End what a submission without namespaces left behind: the server has inherited it."""
        for _ in range(100):
            mine = set(self.running).union(*map(memory.descendants, self.running))
            if not (orphans := memory.descendants(os.getpid()) - mine):
                return
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            for pid in orphans:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def _accept(self) -> bool:
        """Take one request; False when the client is gone."""
        message, descriptors, _, _ = socket.recv_fds(self.requests, 1 << 16, 2)
        if not message:
            return False
        request = json.loads(message)
        limits = Limits(**request["limits"])
        connection, control = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        with jail.next_child_apart() if self.isolated else contextlib.nullcontext():
            pid = os.fork()
            if not pid:
                self._become_submission(connection, control, request, limits)
        connection.close()
        self.running[pid] = Running(pid, control, limits)
        self.poll.register(control, select.POLLIN)
        return True

    def _become_submission(
        self,
        connection: socket.socket,
        control: socket.socket,
        request: dict[str, Any],
        limits: Limits,
    ) -> None:
        """Shut in, then run what the client sends. Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.requests.close()
            for process in self.running.values():
                process.control.close()
                os.close(process.descriptor)
            home = jail.HOME if self.isolated else request["folder"]
            if self.isolated:
                jail.shut_in(limits, request["hidden"])
            os.chdir(home)
            _environment(home, "/tmp" if self.isolated else home)
            os.setsid()
            processors.stay_on(request["processors"])
            jail.restrict(limits)
        except BaseException as error:
            text = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
            with contextlib.suppress(OSError):
                control.send(json.dumps({"reason": "failed", "text": text}).encode())
            os._exit(70)
        control.close()
        try:
            live(connection)
        finally:
            os._exit(71)


def _environment(home: str, temporary: str) -> None:
    for name in SERVERS_OWN:
        os.environ.pop(name, None)
    os.environ |= {"HOME": home, "PWD": home, "TMPDIR": temporary}
    # As in a kernel, the folder of the notebook comes first on the path of modules.
    sys.path[:0] = [""]


def main() -> None:
    """Warm up, say so, then serve until the client hangs up."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    isolated = sys.argv[2] == "jail"
    try:
        if isolated:
            jail.settle()
        jail.control(jail.PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS")
        jail.control(jail.PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER")
        shell.make()
        warm.up()
        jail.control(jail.PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE")
        server = Server(requests, isolated)
    except Exception as error:
        text = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        requests.send(json.dumps({"failed": text}).encode())
        return
    requests.send(json.dumps({"ready": True, "threads": warm.threads()}).encode())
    server.serve()
