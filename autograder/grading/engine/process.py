"""A submission's process, as the client sees it: sends cells, takes messages, keeps the time."""

import contextlib
import json
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from autograder.grading.engine import frames, processors
from autograder.grading.engine.limits import Limits

Examiner = Callable[[bytes], bytes]
TOO_LONG = "it ran too long, and could not be stopped by an interrupt"
INTERRUPTS = 4  # of a cell before it is killed: one may come too early, or be swallowed
PUTTING = 60.0  # seconds for all files beside a notebook
PIECE = 16 * 2**20  # bytes of a file that travel at once
SETTLING = 60.0  # seconds that the server may take to answer
TO_REPORT = 5  # times the grace, for the traceback of a cell that has been stopped
# The engine itself is out of a submission's sight once it is imported.
HIDDEN = [str(Path(__file__).resolve().parents[1])]


class ServerError(RuntimeError):
    """The warm server could not start, or ended."""


class Died(Exception):
    """A submission's process has ended; `why` says how, `limit` names the limit it hit, if any."""

    def __init__(self, why: str, limit: str | None = None) -> None:
        """Hold the reason."""
        super().__init__(why)
        self.why = why
        self.limit = limit


class Process:
    """One forked process of a submission, as the client sees it."""

    def __init__(self, requests: socket.socket, folder: Path | None, limits: Limits) -> None:
        """Have the warm server fork it; `folder` is its home where there is no isolation."""
        self.limits = limits
        self.folder = folder
        self.line, line = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = {
            "limits": asdict(limits),
            "hidden": HIDDEN,
            "folder": str(self.folder),
            "processors": processors.of_this_process(),
        }
        with line, control:
            try:
                socket.send_fds(
                    requests,
                    [json.dumps(request).encode()],
                    [line.fileno(), control.fileno()],
                )
            except OSError as error:
                raise ServerError("the warm server has ended") from error

    def put(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Put files into its working directory, before the first cell."""
        until = time.monotonic() + PUTTING
        try:
            for name, content in files:
                for start in range(0, len(content) or 1, PIECE):
                    piece = frames.pack_file(name, content[start : start + PIECE])
                    frames.send(self.line, frames.FILE, piece, until)
        except (frames.Closed, TimeoutError) as error:
            why = self._died(error).why
            raise ServerError(f"a submission's files could not be handed over: {why}") from error

    def run(
        self,
        request: dict[str, Any],
        until: float,
        ends: float,
        taken: Callable[[dict[str, Any], int], None],
        examiner: Examiner | None,
    ) -> tuple[bool, bool]:
        """Run a cell until the time `until`; return (it succeeded, it was interrupted).

        The examiner's time does not count, but nothing goes on after the time `ends`. `taken` gets
        each message and its size. Without an examiner, questions are refused. Raises Died when the
        process ends, or has to be ended.
        """
        interrupted = stopping = False
        kill_at = again = until + self.limits.grace_seconds
        try:
            frames.send(self.line, frames.CELL, request, kill_at)
        except (frames.Closed, TimeoutError) as error:
            raise self._died(error) from None
        while True:
            wait = (min(kill_at, again) if interrupted else until) - time.monotonic()
            ready, _, _ = select.select([self.line, self.control], [], [], max(0, wait))
            if self.line in ready:
                try:
                    kind, body = frames.receive(self.line, kill_at)
                except (frames.Closed, frames.BrokenFrame, TimeoutError) as error:
                    raise self._died(error, interrupted) from None
                if kind == frames.DONE:
                    if interrupted:
                        self._settle()
                    return bool(frames.parse(body).get("success")), interrupted
                if kind == frames.MESSAGE:
                    with contextlib.suppress(frames.BrokenFrame):
                        taken(frames.parse(body), len(body))
                elif kind == frames.QUESTION:
                    began = time.monotonic()
                    self._answer(body, examiner, ends)
                    spent = time.monotonic() - began
                    until = min(until + spent, ends)
                    kill_at = min(kill_at + spent, ends + self.limits.grace_seconds)
                elif kind == frames.STOPPING and interrupted and not stopping:
                    # It has stopped; what is left is to show where, which takes time when busy.
                    stopping, again = True, float("inf")
                    kill_at = time.monotonic() + TO_REPORT * self.limits.grace_seconds
            elif self.control in ready:
                raise self._died(None, interrupted)
            now = time.monotonic()
            if not interrupted and now >= until:
                # Not counted from `until`: this side, too, may have had to wait for its turn.
                interrupted, kill_at = True, now + self.limits.grace_seconds
                again = now + self.limits.grace_seconds / INTERRUPTS
                self._command(b"interrupt")
            elif interrupted and now >= kill_at:
                self._command(b"kill")
                raise Died(TOO_LONG, "time")
            elif interrupted and now >= again:
                again = now + self.limits.grace_seconds / INTERRUPTS
                self._command(b"interrupt")

    def _answer(self, body: bytes, examiner: Examiner | None, ends: float) -> None:
        number, question = body[:4], body[4:]
        if examiner is None:
            kind, answer = (
                frames.REFUSAL,
                b"when a notebook is graded, a check is sat once, in its own cell",
            )
        else:
            try:
                kind, answer = frames.ANSWER, examiner(question)
            except (
                Exception
            ) as error:  # the examiner's fault or a forged question: never the class's
                kind, answer = (
                    frames.REFUSAL,
                    f"the examiner failed: {type(error).__name__}".encode(),
                )
        with contextlib.suppress(frames.Closed, TimeoutError):
            frames.send(self.line, kind, number + answer, ends)

    def _command(self, command: bytes) -> None:
        with contextlib.suppress(OSError):
            self.control.send(command)

    def _settle(self) -> None:
        """Wait until no interrupt is on its way any more: it would hit the next cell."""
        self._command(b"settle")
        if not select.select([self.control], [], [], SETTLING)[0]:
            raise ServerError("the warm server does not answer")
        if (told := self.control.recv(1 << 16)) != b"settled":
            raise self._ended(told, interrupted=True)

    def _died(self, error: Exception | None = None, interrupted: bool = False) -> Died:
        """Find out how the process ended."""
        if isinstance(error, frames.BrokenFrame):
            self._command(b"kill")
            return Died(f"it broke the protocol ({error})", "protocol")
        if isinstance(error, TimeoutError):
            self._command(b"kill")
            return Died(TOO_LONG, "time")
        readable, _, _ = select.select([self.control], [], [], 5)
        return self._ended(self.control.recv(1 << 16) if readable else b"{}", interrupted)

    def _ended(self, told: bytes, interrupted: bool) -> Died:
        """Say how the process ended, in the words of the server."""
        if not told:  # only the server holds the other end, and it tells how a process ended
            raise ServerError("the warm server has ended")
        report = json.loads(told)
        death = _explain(report, self.limits)
        return Died(TOO_LONG, "time") if interrupted and death.limit is None else death

    def close(self) -> None:
        """End the process and everything that it started; returns when it is gone."""
        self._command(b"kill")
        with contextlib.suppress(OSError):
            while select.select([self.control], [], [], 5)[0] and self.control.recv(1 << 16):
                pass
        self.line.close()
        self.control.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Use it in a `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()


def _explain(report: dict[str, Any], limits: Limits) -> Died:
    number, code = report.get("signal"), report.get("code")
    if report.get("reason") == "failed":
        raise ServerError(f"a submission could not be shut in: {report.get('text')}")
    if report.get("reason") == "memory":
        return Died(f"it used more than {limits.memory_bytes / 2**20:,.0f} MiB of memory", "memory")
    if number == signal.SIGXCPU:
        return Died("it used up its processor time", "time")
    if number == signal.SIGXFSZ:
        return Died(f"it wrote a file over {limits.file_bytes / 2**20:,.0f} MiB", "file size")
    if number is not None:
        return Died(f"it was ended by the signal {signal.Signals(number).name}")
    if code is not None:
        return Died(f"it ended the notebook's process (exit code {code})")
    return Died("it ended the notebook's process")
