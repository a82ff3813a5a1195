"""The child: a submission's own process. It runs the cells it is sent, and shows what they show."""

import asyncio
import base64
import os
import select
import signal
import socket
import sys
import threading
from typing import Any

from autograder import wire
from autograder.check import check
from autograder.grading.engine import frames, shell, streams


class NoAnswer(Exception):
    """The examiner did not answer."""


class Line:
    """The line to the client: messages out, questions out and answers in."""

    def __init__(self, connection: socket.socket) -> None:
        """Take the connection."""
        self.connection = connection
        self.owner = os.getpid()
        self.sending = threading.Lock()
        self.asking = threading.Lock()
        self.asked = 0

    def send(self, kind: bytes, body: bytes | dict[str, Any]) -> None:
        """Send one frame. A process that the submission forked has no say here."""
        if os.getpid() == self.owner:
            with frames.undisturbed(), self.sending:
                frames.send(self.connection, kind, body)

    def deliver(self, message: shell.Message) -> None:
        """Send one Jupyter message."""
        if "buffers" in message:
            buffers = [base64.b64encode(buffer).decode() for buffer in message["buffers"]]
            message = {**message, "buffers": buffers}
        try:
            self.send(frames.MESSAGE, message)
        except frames.BrokenFrame as error:
            text = f"[this output was left out: {error}]\n"
            self.print_(message["parent_header"], "stderr", text)

    def print_(self, parent: dict[str, Any], name: str, text: str) -> None:
        """Send text of a stream."""
        content = {"name": name, "text": text}
        message = {"msg_type": "stream", "parent_header": parent, "content": content}
        self.send(frames.MESSAGE, message)

    def request(self, message: bytes) -> bytes:
        """Ask the examiner (this is a `wire.Connection`) and wait for the answer."""
        if os.getpid() != self.owner:
            raise NoAnswer(
                "the examiner answers the notebook's own process only, not one it started"
            )
        with self.asking:
            self.asked += 1
            number = self.asked.to_bytes(4, "little")
            streams.flush()
            self.send(frames.QUESTION, number + message)
            while True:
                # Waiting can be interrupted; taking an answer in cannot.
                select.select([self.connection], [], [])
                with frames.undisturbed():
                    kind, body = frames.receive(self.connection)
                if body[:4] != number:
                    continue  # the answer to a question whose asking was interrupted
                if kind == frames.REFUSAL:
                    raise NoAnswer(body[4:].decode())
                return body[4:]

    def next_cell(self) -> dict[str, Any] | None:
        """Wait for the next cell; None at the end."""
        while True:
            try:
                kind, body = frames.receive(self.connection)
            except frames.Closed:
                return None
            if kind == frames.CELL:
                return frames.parse(body)


def live(connection: socket.socket) -> None:
    """Run cells until the client hangs up; the process ends here, threads and all."""
    line = Line(connection)
    _connect(line)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (request := line.next_cell()) is not None:
        shell.take_in(request.get("comms", []))
        done = {"success": False}
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            done["success"] = _run(loop, request)
        except (KeyboardInterrupt, asyncio.CancelledError):
            pass
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        line.send(frames.DONE, {**done, "cell": request["cell"]})
    os._exit(0)


def _run(loop: asyncio.AbstractEventLoop, request: dict[str, Any]) -> bool:
    me = shell.shell()
    try:
        if request.get("locked"):
            shell.tidy()
        if request.get("check"):
            me.user_ns["check"] = check
        return loop.run_until_complete(shell.run(request["source"], request["cell"]))
    except (
        BaseException
    ):  # out of IPython's own hands: a broken hook, an interrupt between two lines
        me.showtraceback()
        return False
    finally:
        streams.flush()


def _connect(line: Line) -> None:
    """Let everything that a notebook can show go down the line."""
    me = shell.shell()
    me.display_pub.session.deliver = line.deliver

    def deliver(name: str, text: str) -> None:
        parent = me.get_parent()
        line.print_(parent.get("header", parent), name, text)

    sys.stdout = streams.opened["stdout"] = streams.Stream("stdout", 1, deliver)
    sys.stderr = streams.opened["stderr"] = streams.Stream("stderr", 2, deliver)
    vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stderr)
    wire.use(line)
