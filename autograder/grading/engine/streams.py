"""Streams: what a cell prints, from Python and from below it."""

import io
import os
import time
from collections.abc import Callable

CHUNK = 1 << 16  # characters that wait before they are sent
EVERY = 0.2  # seconds that they wait at most, while the cell goes on printing


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook: collects text, sends it on in pieces.

    What programs write to the file descriptor itself goes to `spill`, a file, and is sent on when
    the stream is flushed. In a process that the submission forked, text goes there too.
    """

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, name: str, descriptor: int, deliver: Callable[[str, str], None]) -> None:
        """Take over the descriptor, with an unnamed file behind it."""
        self.name = name
        self.descriptor = descriptor
        self.deliver = deliver
        self.ours = True
        os.register_at_fork(after_in_child=self._leave)
        self.waiting: list[str] = []
        self.size = 0
        self.sent_at = time.monotonic()
        self.spill = os.memfd_create(name)
        os.dup2(self.spill, descriptor)
        os.set_inheritable(descriptor, True)

    def _leave(self) -> None:
        self.ours = False

    def fileno(self) -> int:
        """The file descriptor, for programs that are started."""
        return self.descriptor

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Collect text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if not self.ours:
            os.write(self.descriptor, text.encode("utf-8", "replace"))
            return len(text)
        self.waiting.append(text)
        self.size += len(text)
        pieces = len(self.waiting)
        if self.size > CHUNK or ((pieces < 8 or not pieces & 63) and self._late()):
            self._send()
        return len(text)

    def _late(self) -> bool:
        return time.monotonic() - self.sent_at > EVERY

    def flush(self) -> None:
        """Send on what has come together."""
        if self.ours:
            self._send()
            self._drain()

    def _send(self) -> None:
        waiting, self.waiting, self.size = self.waiting, [], 0
        self.sent_at = time.monotonic()
        text = "".join(waiting)
        for start in range(0, len(text), CHUNK):
            self.deliver(self.name, text[start : start + CHUNK])

    def _drain(self) -> None:
        size = os.fstat(self.spill).st_size
        if size:
            # Writers share the file's offset: putting it back makes room for what comes next.
            written = os.pread(self.spill, min(size, 16 * CHUNK), 0)
            os.ftruncate(self.spill, 0)
            os.lseek(self.spill, 0, os.SEEK_SET)
            text = written.decode("utf-8", "replace")
            for start in range(0, len(text), CHUNK):
                self.deliver(self.name, text[start : start + CHUNK])


opened: dict[str, Stream] = {}


def flush() -> None:
    """Send on everything printed so far, whatever stands in the place of the streams now."""
    for stream in opened.values():
        stream.flush()
