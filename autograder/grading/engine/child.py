"""The child: a submission's own process. It runs the cells it is sent, and shows what they show."""

import asyncio
import base64
import contextlib
import os
import select
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from autograder import wire
from autograder.check import check
from autograder.grading.engine import frames, shell, streams
from autograder.grading.engine.interrupts import Interrupts

LEAVING = 0.3  # seconds that a cell has for its cleaning up when it is cancelled
PATIENT = ("execute_input", "execute_result")  # messages that travel with the next frame


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
        self.held = b""  # frames that travel with the next one: each time wakes the other side
        self.no_room: set[str] = set()

    def send(self, kind: bytes, body: bytes | dict[str, Any], hold: bool = False) -> None:
        """Send one frame, or `hold` it until the next. A process that was forked has no say."""
        if os.getpid() == self.owner:
            with frames.undisturbed(), self.sending:
                self.held += frames.pack(kind, body)
                if not hold:
                    packed, self.held = self.held, b""
                    frames.put(self.connection, packed)

    def deliver(self, message: shell.Message) -> None:
        """Send one Jupyter message."""
        if "buffers" in message:
            buffers = [base64.b64encode(buffer).decode() for buffer in message["buffers"]]
            message = {**message, "buffers": buffers}
        try:
            self.send(frames.MESSAGE, message, hold=message["msg_type"] in PATIENT)
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
            if kind == frames.FILE:
                self.write(*frames.unpack_file(body))
            if kind == frames.CELL:
                return frames.parse(body)

    def write(self, name: str, piece: bytes) -> None:
        """Append to a file in the working directory; one that there is no room for is removed."""
        path = Path(name)
        if name in self.no_room:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(piece)
        except OSError:
            self.no_room.add(name)
            path.unlink(missing_ok=True)


def live(connection: socket.socket) -> None:
    """Run cells until the client hangs up; the process ends here, threads and all."""
    line = Line(connection)
    _connect(line)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    signal.signal(signal.SIGINT, lambda *_: None)
    while (request := line.next_cell()) is not None:
        shell.take_in(request.get("comms", []))
        done = {"success": False}
        interrupts = Interrupts(lambda: line.send(frames.STOPPING, {}))
        try:
            shell.shell().interrupts = interrupts
            signal.signal(signal.SIGINT, interrupts)
            done["success"] = _run(loop, request, interrupts)
        except (KeyboardInterrupt, asyncio.CancelledError):
            pass
        finally:
            _stay_deaf(interrupts)
        line.send(frames.DONE, {**done, "cell": request["cell"]})
    os._exit(0)


def _stay_deaf(interrupts: Interrupts) -> None:
    """Let interrupts do nothing until the next cell, whatever handler a cell has set."""
    interrupts.deaf = True
    signal.signal(signal.SIGINT, interrupts)


def _run(loop: asyncio.AbstractEventLoop, request: dict[str, Any], interrupts: Interrupts) -> bool:
    task = loop.create_task(_cell(request))
    try:
        return loop.run_until_complete(task)
    except (
        BaseException
    ):  # out of IPython's own hands: a broken hook, an interrupt between two lines
        shell.shell().showtraceback()
        return False
    finally:
        _stay_deaf(interrupts)
        _leave_nothing(loop, task)
        streams.flush()


async def _cell(request: dict[str, Any]) -> bool:
    if request.get("locked"):
        shell.tidy()
    if request.get("check"):
        shell.shell().user_ns["check"] = check
    return await shell.run(request["source"], request["cell"])


def _leave_nothing(loop: asyncio.AbstractEventLoop, task: asyncio.Task[bool]) -> None:
    """End what an interrupt in the middle of the loop has left, or the next cell would suffer."""
    for _ in range(2):
        if not task.done():
            task.cancel()
            with contextlib.suppress(BaseException):
                loop.run_until_complete(asyncio.wait([task], timeout=LEAVING))
    if task.done() and not task.cancelled():
        task.exception()  # known: asyncio need not tell of it


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
