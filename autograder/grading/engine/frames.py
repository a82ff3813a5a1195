"""Frames: what travels between the client and a submission's process, and nothing else does.

A frame is one byte for its kind, four for its length, and its body: JSON, or the wire's own bytes.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

HEADER = struct.Struct("<cI")
LARGEST = 72 * 2**20  # a body; the wire's largest message is 64 MiB

# From the client: a piece of a file, run a cell, the examiner's answer, the examiner's refusal.
FILE, CELL, ANSWER, REFUSAL = b"F", b"C", b"A", b"R"
# From the submission: a Jupyter message, a question for the examiner, a cell that has been
# interrupted and shows its traceback, a cell that is done.
MESSAGE, QUESTION, STOPPING, DONE = b"M", b"Q", b"S", b"D"


class BrokenFrame(Exception):
    """The other side sent something that is no frame, or ended in the middle of one."""


class Closed(Exception):
    """The other side is gone."""


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back interrupts and alarms, so that no frame is cut in two by one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def pack(kind: bytes, body: bytes | dict[str, Any]) -> bytes:
    """Return one frame; raises BrokenFrame if it is too large."""
    if isinstance(body, dict):
        body = json.dumps(body, ensure_ascii=False, default=repr).encode("utf-8", "replace")
    if len(body) > LARGEST:
        raise BrokenFrame(f"a frame of {len(body):,} bytes is over the limit of {LARGEST:,}")
    return HEADER.pack(kind, len(body)) + body


def send(
    connection: socket.socket,
    kind: bytes,
    body: bytes | dict[str, Any],
    deadline: float | None = None,
) -> None:
    """Send one frame; raises Closed when nobody is there, TimeoutError after the deadline."""
    put(connection, pack(kind, body), deadline)


def put(connection: socket.socket, packed: bytes, deadline: float | None = None) -> None:
    """Send frames that are packed; raises as `send` does."""
    _wait_until(connection, deadline)
    try:
        connection.sendall(packed)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def receive(connection: socket.socket, deadline: float | None = None) -> tuple[bytes, bytes]:
    """Wait for one frame and return (kind, body); raises Closed at the end, or TimeoutError."""
    kind, length = HEADER.unpack(_exactly(connection, HEADER.size, deadline))
    if length > LARGEST:
        raise BrokenFrame(f"a frame of {length:,} bytes is over the limit of {LARGEST:,}")
    return kind, _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        _wait_until(connection, deadline)
        try:
            part = connection.recv(min(size - len(parts), 1 << 20))
        except ConnectionResetError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts += part
    return bytes(parts)


def _wait_until(connection: socket.socket, deadline: float | None) -> None:
    """Let the next operation take until the deadline; somebody may send half a frame and stop."""
    wait = None if deadline is None else max(0.01, deadline - time.monotonic())
    connection.settimeout(wait)


def pack_file(name: str, piece: bytes) -> bytes:
    """Write the body of a frame with a piece of a file."""
    encoded = os.fsencode(name)
    return len(encoded).to_bytes(4, "little") + encoded + piece


def unpack_file(body: bytes) -> tuple[str, bytes]:
    """Read what `pack_file` has written."""
    end = 4 + int.from_bytes(body[:4], "little")
    return os.fsdecode(body[4:end]), body[end:]


def parse(body: bytes) -> dict[str, Any]:
    """Read a JSON object that a submission may have forged; raises BrokenFrame if it is none.

    Half of a surrogate pair is refused: no file could hold it. NaN and infinities become text.
    """
    try:
        value = json.loads(body.decode("utf-8", "replace"), parse_constant=str)
        if b"\\ud" in body.lower():  # the escape that half a pair would be written as
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BrokenFrame(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BrokenFrame("not a JSON object")
    return value
